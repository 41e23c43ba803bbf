import type { Pictures } from '../../usecases/ports/pictures.ts';
import { drawUsualDays } from '../pictures/heat-calendar.ts';
import { besideButtons } from '../slack/pictures.ts';

/** Pictures that stand in the message itself, for the page of this process. */
export const memoryPictures = (): Pictures => ({
  share: async (usual) => `data:image/png;base64,${Buffer.from(drawUsualDays(usual)).toString('base64')}`,
  within: (message, picture, words) => besideButtons(message, { type: 'image', image_url: picture, alt_text: words }),
});

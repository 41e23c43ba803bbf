import type { FormViews, SlackViews } from '../../../usecases/ports/slack-views.ts';
import { renderBacklog, renderTrialEnd } from './backlog.ts';
import { renderCase, renderDigest } from './case.ts';
import { renderChange } from './change.ts';
import { renderDenials } from './denials.ts';
import { renderEmergency, renderEscalation, renderReviewDue } from './emergency.ts';
import { renderEnrolment } from './enrolment.ts';
import { renderForm, renderNotice } from './form.ts';
import { renderFreeze } from './freeze.ts';
import { renderHome, renderNoHome } from './home.ts';
import { renderEnding, renderLease } from './lease.ts';
import type { Look } from './names.ts';
import { renderRules } from './rules.ts';

/** Everything Leastwise shows in Slack, as plain Block Kit: pure functions of the stored truth and the look. */
export const slackViews = (look: Look): SlackViews => ({
  case: renderCase(look),
  digest: renderDigest(look),
  change: renderChange(look),
  backlog: renderBacklog(look),
  trialEnd: renderTrialEnd(look),
  emergency: renderEmergency(look),
  reviewDue: renderReviewDue(look),
  escalation: renderEscalation(look),
  lease: renderLease(look),
  leaseEnding: renderEnding(look),
  enrolment: renderEnrolment(look),
  freeze: renderFreeze(look),
  rules: renderRules(look),
});

/** The same for forms. */
export const formViews = (look: Look): FormViews => ({
  form: (content, proof) => ('denials' in content ? renderDenials(look)(content, proof) : renderForm(content, proof)),
  notice: renderNotice,
  home: renderHome(look),
  noHome: renderNoHome,
});

import { HTML } from '../../http/content.ts';
import { inLanguage } from '../../http/params.ts';
import { anyone, type Routes } from '../../http/route.ts';
import { changingRecords } from '../../platform/capabilities.ts';
import { linkRoutes } from '../links/routes.ts';
import { AnswerForm } from './answer.ts';

/** Behind the link of an invitation. */
export const surveyAnswerRoutes = {
  answerSurvey: {
    summary: 'Answer a survey, by the link of an invitation',
    description:
      'What the page of the link sends; signs nobody in. The link works once. The answer is stored without anything that ' +
      'says whose it is, or when it was given.',
    tag: 'Notices',
    method: 'POST',
    path: '/l/{token}/answers',
    access: anyone,
    params: linkRoutes.showLink.params,
    query: inLanguage,
    body: AnswerForm,
    form: true,
    success: { status: 200, content: [HTML] },
    problems: ['link-not-found', 'answers-closed', 'survey-answers-refused'],
    needs: changingRecords,
    limit: { perSecond: 50, burst: 100 },
  },
} as const satisfies Routes;

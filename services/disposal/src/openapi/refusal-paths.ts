import { z } from 'zod';
import { CHANNELS, SUBJECTS } from '@mnv/core';
import { openApi } from '@mnv/service-kit';

const { PROBLEM, TenantPath, Uuid, json, jsonBody } = openApi;
const Day = z.iso.date();
const Text = z.string();

const Step = z
  .looseObject({
    id: Text.meta({
      description: 'The step’s own id at the tenant: the same id is the same step.',
    }),
    kind: z.enum([
      'asked',
      'refused',
      'unanswered',
      'filed-without',
      'provided',
      'ended',
      'withdrawn',
    ]),
    on: Day,
    channel: z.enum(CHANNELS).optional(),
    by: Text.max(128).optional().meta({ description: 'Who asked.' }),
    toldDuty: z
      .boolean()
      .optional()
      .meta({ description: 'Told that the law asks for the number.' }),
    reason: Text.max(500).optional(),
    document: Text.optional().meta({ description: 'Of filed-without: code of the form.' }),
    reference: Text.max(64).optional(),
    deadline: Day.optional(),
    completedOn: Day.optional(),
    step: Text.optional().meta({ description: 'Of withdrawn: the step taken back.' }),
  })
  .meta({ id: 'RefusalStep', description: 'No text of it may hold a number.' });
const Whose = { individualRef: Text.max(64), subject: z.enum(SUBJECTS), purpose: Text };
const NewStep = Step.extend(Whose).meta({ id: 'NewRefusalStep' });
const Recorded = z
  .object({ id: Text, courseId: Uuid, outcome: z.enum(['recorded', 'known']) })
  .meta({ id: 'RecordedRefusalStep' });
const Course = z
  .object({
    courseId: Uuid,
    ...Whose,
    state: z.enum(['asked', 'refused', 'unanswered', 'filed-without', 'provided', 'ended']),
    lacks: z.array(z.enum(['duty-not-told', 'second-request', 'answer'])).meta({
      description: 'What the course lacks to show that the absence of the number is no neglect.',
    }),
    keptUntil: Day.nullable().meta({
      description: 'It is forgotten on this legal day; null while that is open.',
    }),
    held: z.boolean(),
    steps: z.array(Step.extend({ recordedOn: Day, toldBy: Text, stands: z.boolean() })),
  })
  .meta({ id: 'RefusalCourse' });

/** 提供拒否: the course of asking for numbers that were not given. */
export const refusalPaths = {
  '/v1/tenants/{tenantId}/retention/refusals': {
    post: {
      summary: 'Record a step of asking an individual for the number; asking begins a course',
      requestParams: TenantPath,
      requestBody: jsonBody(NewStep),
      responses: {
        '200': json('Told before', Recorded),
        '201': json('Recorded', Recorded),
        default: PROBLEM,
      },
    },
    get: {
      summary: 'The courses, each with its steps',
      requestParams: {
        ...TenantPath,
        query: z.object({
          cursor: Uuid.optional().meta({ description: '"next" of the page before' }),
        }),
      },
      responses: {
        '200': json('Courses', z.object({ refusals: z.array(Course), next: Uuid.optional() })),
        default: PROBLEM,
      },
    },
  },
};

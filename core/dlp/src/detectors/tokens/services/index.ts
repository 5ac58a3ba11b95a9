import { parseServices, type NamedService } from '../named.ts';
import { commerce } from './commerce.ts';
import { dataSources } from './data.ts';
import { finance } from './finance.ts';
import { infrastructure } from './infrastructure.ts';
import { marketing } from './marketing.ts';
import { messages } from './messages.ts';
import { models } from './models.ts';
import { security } from './security.ts';
import { workplace } from './work.ts';

export const namedServices: readonly NamedService[] = [
  infrastructure,
  security,
  models,
  dataSources,
  finance,
  commerce,
  messages,
  marketing,
  workplace,
].flatMap(parseServices);

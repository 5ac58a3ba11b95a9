/** chaperone policy: write, test and ship policies. */
import { Command } from 'commander';
import { examples } from '../../examples.ts';
import { defineBench } from './bench.ts';
import { defineBuild } from './build.ts';
import { defineCheck } from './check.ts';
import { defineDeps } from './deps.ts';
import { defineEval } from './eval.ts';
import { defineExplain } from './explain.ts';
import { defineFmt } from './fmt.ts';
import { defineInspect } from './inspect.ts';
import { defineLint } from './lint.ts';
import { defineSign } from './sign.ts';
import { defineTest } from './test.ts';

export function definePolicy(): Command {
  return new Command('policy')
    .description('Write, test and ship policies.')
    .addHelpText(
      'after',
      examples(
        'chaperone policy check ./policy',
        'chaperone policy test policies/',
        'chaperone policy lint ./policy',
        'chaperone policy build policies/ -o bundle.tar.gz',
        "chaperone policy eval 'x := 1 + 2'",
      ),
    )
    .addCommand(defineCheck())
    .addCommand(defineTest())
    .addCommand(defineEval())
    .addCommand(defineExplain())
    .addCommand(defineDeps())
    .addCommand(defineBench())
    .addCommand(defineFmt())
    .addCommand(defineLint())
    .addCommand(defineBuild())
    .addCommand(defineSign())
    .addCommand(defineInspect());
}

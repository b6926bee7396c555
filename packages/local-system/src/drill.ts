import { runDrill } from './drill/run-drill.ts';
import { listenForStop } from './supervisor/stop-signals.ts';

const PEOPLE = 90;
const HELP = `npm run drill [-- --json]

Two drills on a system of its own. The thief: backups and write-ahead log of before, and everything that exists
after the old root version was destroyed, must open no number that was disposed of. The restore: an old database
and the newest key tree must bring back every living number, and no other.
With --json the last line of the output is {disposed, recoveredDisposed, living, recoveredLiving, seconds}.
`;

const say = (text: string) => void process.stderr.write(`${text}\n`);
const stop = listenForStop();

async function main(args: readonly string[]): Promise<number> {
  if (args.includes('--help')) {
    process.stdout.write(HELP);
    return 0;
  }
  const result = await runDrill({ say, signal: stop.signal, people: PEOPLE });
  const { disposed, recoveredDisposed, living, recoveredLiving, seconds } = result;
  process.stdout.write(
    args.includes('--json')
      ? `${JSON.stringify(result)}\n`
      : `廃棄した番号の復元 / disposed numbers recovered: ${recoveredDisposed} / ${disposed}\n` +
          `生存する番号の復元 / living numbers recovered: ${recoveredLiving} / ${living}\n` +
          `${seconds} s\n`,
  );
  return recoveredDisposed === 0 && disposed > 0 && recoveredLiving === living ? 0 : 1;
}

const code = await main(process.argv.slice(2)).catch((error: unknown) => {
  if (!stop.signal.aborted) say(`mynumber-vault: ${(error as Error).message}`);
  return stop.signal.aborted ? stop.exitCode() : 1;
});
process.exit(code);

export interface Edit {
  /** End of the compiled file's path. */
  file: string;
  find: string;
  replace: string;
}

/** A guard taken out: the simulation must notice. `find` must be in the compiled file, so that no mutant goes stale. */
export interface Mutant extends Edit {
  name: string;
  /** What the guard is for. */
  guard: string;
  /** The wall behind it, taken out with it. */
  also?: Edit;
  /** Faults under which its absence shows; default `all`. */
  faults?: string;
  /** More options of the simulation under which its absence shows. */
  args?: readonly string[];
  /** What else stands behind the guard, when the simulation is known to stay green without it. */
  secondWall?: string;
  /** The test that goes red without the guard, where a second wall keeps the simulation green. */
  test?: { file: string; title: string };
  /** Only findings like this count, for mutants whose faults also leave work for a person. */
  finding?: RegExp;
}

const claimBusy: Edit = {
  file: 'libs/dispatch/src/session/session.js',
  find: 'return this.atRest && this.view.serving',
  replace: 'return this.view.serving',
};
const claimOldNumber: Edit = {
  file: 'libs/storage/src/stores/dispatch-store.js',
  find: 'and s."fdBefore" = (select coalesce(max(d.fd_number), 0) from documents d where d.fn_number = s."fnNumber")',
  replace: '',
};

export const mutants: readonly Mutant[] = [
  {
    name: 'requeue-without-asking',
    guard: 'an open intent is settled by the FN, not by the death of its driver',
    file: 'libs/dispatch/src/session/settlement.js',
    find: 'const outcome = await this.prover.ask(intent);\n        this.view.lastFd = outcome.lastFd;\n        switch',
    replace: "const outcome = { is: 'absent', lastFd: intent.fdBefore };\n        switch",
  },
  {
    name: 'intent-not-kept',
    guard: 'the intent is committed before the device is touched and found by whoever comes next',
    file: 'libs/storage/src/stores/dispatch-store.js',
    find: "where i.register_id = $1 and i.state in ('open', 'stuck')`",
    replace: "where i.register_id = $1 and i.state = 'stuck'`",
  },
  {
    name: 'refusal-taken-for-absence',
    guard: 'after a failure the number of the last document decides, not the answer',
    file: 'libs/dispatch/src/session/outcome.js',
    find: 'if (made === 0) return {',
    replace: 'if (made === 0 || !seen.next || intent.attempts > 0) return {',
  },
  {
    name: 'lease-without-end',
    guard: 'nothing is written after the end of the lease',
    file: 'libs/dispatch/src/engine.js',
    find: 'askedAtMs + settings.leaseTtlS * 1000 - settings.leaseGuardMs',
    replace: 'Infinity',
    faults: 'stop-driver,driver-without-database,second-driver',
    // A module's own socket takes one host at a time and would hide it.
    args: ['--shared-lines'],
  },
  {
    name: 'claim-without-lease',
    guard: 'a claim is stored only under a valid lease with its fence',
    file: 'libs/storage/src/stores/dispatch-store.js',
    find: 'and l.owner = $1 and l.fence = s.fence and l.expires_at > farm_now()',
    replace: 'and $1::uuid is not null',
    faults: 'stop-driver,driver-without-database,second-driver',
    secondWall:
      'one open intent per register is an index of the database; the driver’s own clock ends its writing',
    test: {
      file: 'libs/storage/src/stores/dispatch-store.db-spec.ts',
      title: 'gives nothing to a stale fence, a foreign owner or a lease that has ended',
    },
  },
  {
    name: 'claim-with-old-number',
    guard: 'a claim begins at the last document that the database knows',
    ...claimOldNumber,
    secondWall: 'only a register at rest is given a receipt, so its number is the true one',
    test: {
      file: 'libs/storage/src/stores/dispatch-store.db-spec.ts',
      title: 'gives nothing to a register whose FN is not at the last document that the database knows',
    },
  },
  {
    name: 'claim-while-busy',
    guard: 'only a register at rest is given a receipt',
    ...claimBusy,
    secondWall: 'the claim itself begins at the last document that the database knows',
    test: {
      file: 'libs/dispatch/src/session/session.spec.ts',
      title: 'asks for a receipt only while nothing is under way with its device',
    },
  },
  {
    name: 'claim-while-busy-with-old-number',
    guard: 'both of the two before',
    ...claimBusy,
    also: claimOldNumber,
  },
  {
    name: 'any-content',
    guard: 'a document is adopted only when it says what the receipt says',
    file: 'libs/dispatch/src/session/outcome.js',
    find: 'if (intent.content && !compare.same(intent.content, proof)) {',
    replace: 'if (false) {',
    faults: 'someone-else-sells,unplugged-before-commit,reboot-before-commit,answer-lost-before-commit',
    finding: /is another receipt than/,
  },
  {
    name: 'any-body',
    guard: 'a repeat with another body is not taken for the same receipt',
    file: 'libs/storage/src/stores/receipt-store.js',
    find: 'sameBody: earlier.hash === receipt.bodyHash',
    replace: 'sameBody: true',
    faults: 'shops-repeat',
  },
  {
    name: 'stays-until-the-block',
    guard: 'dispatch leaves a register before its FN blocks itself',
    file: 'libs/dispatch/src/session/fn-watch.js',
    find: 'ageMs >= settings.unsentLimitMs',
    replace: 'ageMs >= Infinity',
    args: ['--operator-away-days', '33', '--receipts', '60', '--modules', '2', '--seeds', '1'],
  },
  {
    name: 'no-barrier',
    guard: 'the device finishes what an earlier connection left before the FN is asked',
    file: 'libs/kkt-driver/src/vendors/atol/atol.session.js',
    find: 'await this.settle(signal);\n                this.up = true;',
    replace: 'this.up = true;',
    faults: 'kill-driver-behind-frame,kill-driver-in-frame,kill-driver,unplugged-after-commit,slow',
  },
  {
    name: 'unsure-claim-forgotten',
    guard: 'a claim whose answer was lost is looked for',
    file: 'libs/dispatch/src/claimer.js',
    find: 'session.unreserve(true)',
    replace: 'session.unreserve()',
    faults: 'postgres-answers-lost,postgres-restart',
  },
  {
    name: 'confirmations-not-caught-up',
    guard: 'what the FN took before its driver died is noted by the next one',
    file: 'libs/dispatch/src/session/session.js',
    find: 'if (queue) await this.pump.catchUp(',
    replace: 'if (false) await this.pump.catchUp(',
  },
  {
    name: 'answers-once',
    guard: 'the shop is told again until it has taken the result',
    file: 'libs/callbacks/src/deliverer.js',
    find: 'status >= 200 && status < 300',
    replace: 'status > 0',
    faults: 'callback-hosts',
  },
];

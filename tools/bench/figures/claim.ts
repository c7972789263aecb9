import { type ClaimSlot, DispatchStore, ReceiptStore } from '@kkt/storage';
import { addClients, addRegisters, clientId, saleOf } from '../farm-rows';
import { type Figure, median, row, type ToldRow } from '../row';
import { withServers } from '../servers';

const registers = 17_280;
const drivers = 30;
const clients = 3_000;
const perDriver = registers / drivers;

const ownerOf = (driver: number): string => clientId(0xd0_0000 + driver);

/** What a claim costs by the receipts it takes, with the whole farm's rows. Each round claims as another driver. */
export const claim: Figure = {
  name: 'claim',
  quickS: 12,
  about: 'claim cost with 17,280 registers of 30 drivers and 3,000 clients simulated',
  run: ({ repeats, say }) =>
    withServers(async ({ database }) => {
      await addClients(database, clients);
      const added = await addRegisters(database, registers, clients, (n) =>
        ownerOf(Math.floor((n - 1) / perDriver)),
      );
      const receipts = new ReceiptStore(database);
      const dispatch = new DispatchStore(database);
      // Waiting everywhere: three receipts for every register's group.
      const groupIds = [...new Set(added.map(({ groupId }) => groupId))];
      for (let from = 0; from < groupIds.length; from += 100)
        await receipts.accept(
          groupIds
            .slice(from, from + 100)
            .flatMap((id, index) => Array.from({ length: 12 }, () => saleOf(id, clientId(from + index + 1)))),
        );
      await database.query('vacuum (analyze) receipts, registers, leases, documents, intents');
      const slotsOf = (driver: number, from: number, count: number): ClaimSlot[] =>
        added.slice(driver * perDriver + from, driver * perDriver + from + count).map((register) => ({
          registerId: register.id,
          groupId: register.groupId,
          fence: '1',
          fnNumber: register.fnNumber,
          fdBefore: 0,
        }));
      const sizes = [8, 56, 512];
      const msPerReceipt = new Map<number, number[]>(sizes.map((size) => [size, []]));
      let claimed = 0;
      // The first drivers warm the prepared statement: after five runs PostgreSQL decides on its plan.
      for (let driver = 0; driver < Math.min(drivers, 6 + repeats * 2); driver += 1) {
        let from = 0;
        for (const size of sizes) {
          const since = performance.now();
          const given = await dispatch.claim(ownerOf(driver), slotsOf(driver, from, size));
          const ms = performance.now() - since;
          from += size;
          claimed += given.length;
          if (given.length !== size) throw new Error(`${given.length} of ${size} receipts were claimed`);
          if (driver >= 6) msPerReceipt.get(size)?.push(ms / size);
        }
      }
      say(`${claimed} receipts claimed`);
      const cost = (size: number): number => median(msPerReceipt.get(size) ?? []);
      return sizes.slice(1).map((size): ToldRow =>
        row({
          what: `claim of ${size} receipts, a receipt's share, 17,280 registers, 30 drivers, 3,000 clients`,
          value: cost(size),
          unit: 'ms',
          beside: cost(8),
          besideWhat: 'a claim of 8',
          goal: 1,
          goalIs: 'most',
          note: 'drivers claim one after another from one process; each with its own slots',
        }),
      );
    }),
};

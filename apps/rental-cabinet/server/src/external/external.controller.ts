import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query } from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { objectionToRnm, readExternalDocuments } from '@kkt/fn-life';
import {
  CompanyStore,
  type ExternalRegisterRow,
  ExternalRegisterStore,
  isUniqueViolation,
} from '@kkt/storage';
import type {
  ExternalImportView,
  ExternalRegisterPage,
  ExternalRegistersView,
  ExternalRegisterView,
} from '@kkt/web-contract';
import { notFound } from '@kkt/web-server';
import { type CabinetParts, PARTS } from '../parts';
import { noteOf } from '../session/audit-note';
import { type Caller, CallerOf } from '../session/session.guard';
import { DocumentParams, ExternalBody, ExternalParams, ImportBody, PageQuery } from './external-dtos';

const pageSize = 50;

/** Registers that clients run themselves. Everything here is their own word: the farm neither drives nor proves it. */
@Controller('api/external-registers')
export class ExternalController {
  private readonly store: ExternalRegisterStore;

  constructor(
    @Inject(PARTS) private readonly parts: CabinetParts,
    @Inject(CompanyStore) private readonly companies: CompanyStore,
  ) {
    this.store = new ExternalRegisterStore(parts.database);
  }

  @Get()
  async list(@CallerOf() caller: Caller): Promise<ExternalRegistersView> {
    const { access, clientId } = caller;
    const [rows, nodes] = await Promise.all([this.store.list(clientId), this.companies.nodes(clientId)]);
    const depthOf = (id: string | null): number => {
      const node = nodes.find((one) => one.id === id);
      return node?.parentId ? depthOf(node.parentId) + 1 : 0;
    };
    return {
      registers: rows.filter((row) => sees(caller, row)).map((row) => view(caller, row)),
      places: nodes
        .filter(({ id, kind }) => kind !== 'group' && access.can('registers:order', id))
        .map(({ id, name, parentId }) => ({
          id: parentId === null ? null : id,
          name,
          depth: depthOf(id),
        })),
    };
  }

  @Get(':id')
  async one(
    @CallerOf() caller: Caller,
    @Param() { id }: ExternalParams,
    @Query() { offset = 0 }: PageQuery,
  ): Promise<ExternalRegisterPage> {
    const row = await this.own(caller, id);
    const [documents, totals] = await Promise.all([
      this.store.documents(id, pageSize + 1, offset),
      this.store.totals(id),
    ]);
    return {
      register: view(caller, row),
      totals,
      documents: documents.slice(0, pageSize),
      next: documents.length > pageSize ? offset + pageSize : null,
    };
  }

  @Post()
  async add(@CallerOf() caller: Caller, @Body() body: ExternalBody): Promise<{ id: string }> {
    const id = this.parts.ids.uuid();
    this.check(caller, body);
    await this.named(() =>
      this.parts.database.transaction(async (sql) => {
        await new ExternalRegisterStore(sql).add(id, caller.clientId, body);
        await noteOf(sql, caller, 'external-register.add', id, { ...body });
      }),
    );
    return { id };
  }

  @Put(':id')
  @HttpCode(204)
  async change(
    @CallerOf() caller: Caller,
    @Param() { id }: ExternalParams,
    @Body() body: ExternalBody,
  ): Promise<void> {
    mustChange(caller, await this.own(caller, id));
    this.check(caller, body);
    await this.named(() =>
      this.parts.database.transaction(async (sql) => {
        await new ExternalRegisterStore(sql).change(id, body);
        await noteOf(sql, caller, 'external-register.change', id, { ...body });
      }),
    );
  }

  /** Puts it away: it is not listed and not watched any more; its documents stay. */
  @Delete(':id')
  @HttpCode(204)
  async remove(@CallerOf() caller: Caller, @Param() { id }: ExternalParams): Promise<void> {
    mustChange(caller, await this.own(caller, id));
    await this.parts.database.transaction(async (sql) => {
      await new ExternalRegisterStore(sql).archive(id);
      await noteOf(sql, caller, 'external-register.archive', id, {});
    });
  }

  /** Documents typed in or imported. What could not be read is told by line; the rest is taken. */
  @Post(':id/documents')
  @HttpCode(200)
  async addDocuments(
    @CallerOf() caller: Caller,
    @Param() { id }: ExternalParams,
    @Body() { text }: ImportBody,
  ): Promise<ExternalImportView> {
    const row = await this.own(caller, id);
    mustChange(caller, row);
    const { documents, problems } = readExternalDocuments(text, row.fnNumber);
    if (documents.length === 0) return { added: 0, changed: 0, problems };
    const added = await this.parts.database.transaction(async (sql) => {
      const count = await new ExternalRegisterStore(sql).addDocuments(id, documents, caller.name);
      await noteOf(sql, caller, 'external-register.documents', id, {
        added: count,
        changed: documents.length - count,
      });
      return count;
    });
    return { added, changed: documents.length - added, problems };
  }

  @Delete(':id/documents/:fn/:fd')
  @HttpCode(204)
  async removeDocument(@CallerOf() caller: Caller, @Param() { id, fn, fd }: DocumentParams): Promise<void> {
    mustChange(caller, await this.own(caller, id));
    await this.parts.database.transaction(async (sql) => {
      if (!(await new ExternalRegisterStore(sql).removeDocument(id, fn, fd))) throw notFound('document');
      await noteOf(sql, caller, 'external-register.document-remove', id, { fn, fd });
    });
  }

  private async own(caller: Caller, id: string): Promise<ExternalRegisterRow> {
    const row = await this.store.read(id, caller.clientId);
    if (!row || !sees(caller, row)) throw notFound('register');
    return row;
  }

  private check(caller: Caller, { nodeId, rnm, serial }: ExternalBody): void {
    caller.access.must('registers:order', nodeId ?? caller.access.rootId);
    const wrong = rnm === null ? undefined : objectionToRnm(rnm, caller.clientInn, serial);
    if (wrong) throw new FarmError('CLIENT-RNM', wrong.text, { field: 'rnm' });
  }

  private async named(run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (isUniqueViolation(error, 'external_registers_serial'))
        throw new FarmError('CLIENT-EXTERNAL', 'Касса с таким заводским номером уже есть', {
          field: 'serial',
        });
      throw error;
    }
  }
}

type Placed = Pick<ExternalRegisterRow, 'nodeId'>;

const sees = ({ access }: Caller, { nodeId }: Placed): boolean =>
  access.can('registers:read', nodeId ?? access.rootId);

function mustChange({ access }: Caller, { nodeId }: Placed): void {
  access.must('registers:order', nodeId ?? access.rootId);
}

const view = ({ access }: Caller, row: ExternalRegisterRow): ExternalRegisterView => {
  const { clientId: _client, updatedAt: _at, ...facts } = row;
  return { ...facts, mayChange: access.can('registers:order', row.nodeId ?? access.rootId) };
};

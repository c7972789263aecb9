import { Controller, Get, Inject, Param, Query, Req, UnauthorizedException, UseGuards } from '@nestjs/common';
import { FarmError } from '@kkt/contracts';
import { Operator } from '../operator';
import { ApiKeyGuard, mayUseApi } from './api-key.guard';
import { documentJson, publicDocumentJson, summaryJson } from './document-json';
import { DocumentFilterDto, DocumentKeyDto, DocumentProofDto } from './dto';
import type { HttpRequest } from './request';

/** Stored documents as JSON. */
@Controller('api/documents')
export class DocumentsController {
  constructor(@Inject(Operator) private readonly operator: Operator) {}

  @Get()
  @UseGuards(ApiKeyGuard)
  async search(@Query() query: DocumentFilterDto): Promise<{ documents: ReturnType<typeof summaryJson>[] }> {
    const { fn, fd, fp, rnm, inn, form, totalKop, from, to, violations, limit, offset } = query;
    const found = await this.operator.documents.search(
      {
        fnNumber: fn,
        fdNumber: fd,
        fiscalSign: fp,
        rnm,
        inn,
        form,
        totalKop,
        from,
        to,
        hasViolations: violations,
      },
      limit,
      offset,
    );
    return { documents: found.map(summaryJson) };
  }

  /** With the key any document whole; without it the one whose fiscal sign (`?fp=`) the asker knows, without its buyer. */
  @Get(':fn/:fd')
  async one(
    @Param() { fn, fd }: DocumentKeyDto,
    @Query() { fp }: DocumentProofDto,
    @Req() request: HttpRequest,
  ): Promise<ReturnType<typeof documentJson> | ReturnType<typeof publicDocumentJson>> {
    const isTrusted = mayUseApi(request, this.operator.settings.apiKey);
    if (!isTrusted && fp === undefined) {
      throw new UnauthorizedException('Give the document’s fiscal sign (?fp=) or X-Api-Key');
    }
    const document = await this.operator.documents.one(fn, fd);
    if (fp !== undefined && fp !== document.fiscalSign) {
      throw new FarmError('CLIENT-DOCUMENT-UNKNOWN', 'No such document', { fnNumber: fn, fdNumber: fd });
    }
    return isTrusted ? documentJson(document) : publicDocumentJson(document);
  }
}

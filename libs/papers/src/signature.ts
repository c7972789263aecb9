import { createHash } from 'node:crypto';
import { FarmError } from '@kkt/contracts';
import { children, DerError, type DerNode, oidOf, readDer, textOf } from './der';

/** What a detached signature file says of itself. */
export interface DetachedSignature {
  /** Common name of the signer's certificate. */
  signer: string;
  /** Taxpayers named in the signers' certificates: of the company, of the person. */
  inns: string[];
  /** The certificate's term, `YYYY-MM-DD`. */
  validFrom: string;
  validTo: string;
  /**
   * `matches`: the digest inside is that of our document. `other_algorithm`: it was made by an algorithm this program
   * does not have (GOST R 34.11-2012), so it must be checked by a certified means.
   */
  digest: 'matches' | 'other_algorithm';
}

const oids = {
  signedData: '1.2.840.113549.1.7.2',
  messageDigest: '1.2.840.113549.1.9.4',
  commonName: '2.5.4.3',
  innOfCompany: '1.2.643.100.4',
  inn: '1.2.643.3.131.1.1',
} as const;

/** Digests that can be compared here. */
const digests: Readonly<Record<string, string>> = {
  '2.16.840.1.101.3.4.2.1': 'sha256',
  '2.16.840.1.101.3.4.2.2': 'sha384',
  '2.16.840.1.101.3.4.2.3': 'sha512',
};

const context = (number: number): number => 0xa0 + number;

const refuse = (why: string): never => {
  throw new FarmError('CLIENT-SIGNATURE', `Файл подписи не подходит: ${why}`, { field: 'signature' });
};

/** Certificates of companies made before 2021 write ten digits as twelve, with two zeros before. */
const plainInn = (text: string): string => (/^00\d{10}$/.test(text) ? text.slice(2) : text);

const day = (node: DerNode): string => {
  const text = node.content.toString('latin1');
  const year =
    text.length === 13
      ? `${Number(text.slice(0, 2)) < 50 ? '20' : '19'}${text.slice(0, 2)}`
      : text.slice(0, 4);
  const rest = text.length === 13 ? text.slice(2) : text.slice(4);
  return `${year}-${rest.slice(0, 2)}-${rest.slice(2, 4)}`;
};

/** Attributes of a distinguished name, by OID. */
function nameOf(node: DerNode): Map<string, string> {
  const found = new Map<string, string>();
  for (const set of children(node))
    for (const pair of children(set)) {
      const [oid, value] = children(pair);
      if (oid && value) found.set(oidOf(oid), textOf(value));
    }
  return found;
}

interface Certificate {
  subject: Map<string, string>;
  validFrom: string;
  validTo: string;
}

function certificateOf(node: DerNode): Certificate {
  const [body] = children(node);
  const parts = body ? children(body) : [];
  // The version is there unless the certificate is of the first version.
  const at = parts[0]?.tag === context(0) ? 1 : 0;
  const [validity, subject] = [parts[at + 3], parts[at + 4]];
  const [from, to] = validity ? children(validity) : [];
  if (!subject || !from || !to) return refuse('сертификат не читается');
  return { subject: nameOf(subject), validFrom: day(from), validTo: day(to) };
}

/**
 * Reads a detached CMS signature (PKCS #7, `.sig` or `.p7s`, DER or Base64) of a document: its form, who signed, and
 * whether it is of this document as far as that can be told without a certified crypto provider.
 * @throws FarmError CLIENT-SIGNATURE with what is wrong
 */
export function readDetachedSignature(file: Buffer, document: Buffer): DetachedSignature {
  try {
    return read(file, document);
  } catch (error) {
    if (error instanceof DerError) return refuse('это не подпись CMS');
    throw error;
  }
}

function read(file: Buffer, document: Buffer): DetachedSignature {
  const [type, wrapped] = children(root(file));
  if (!type || oidOf(type) !== oids.signedData || !wrapped) return refuse('это не подпись CMS');
  const [signedData] = children(wrapped);
  const parts = signedData ? children(signedData) : [];
  const [, , content] = parts;
  if (!content || children(content).length > 1)
    return refuse('подпись содержит сам документ, а нужна отсоединённая');
  const certificates = parts.find(({ tag }) => tag === context(0));
  const signers = parts.at(-1);
  const [certificate] = certificates ? children(certificates).map(certificateOf) : [];
  const [signer] = signers ? children(signers) : [];
  if (!certificate || !signer) return refuse('в ней нет сертификата подписавшего');
  const { subject, validFrom, validTo } = certificate;
  return {
    signer: subject.get(oids.commonName) ?? '',
    inns: [subject.get(oids.innOfCompany), subject.get(oids.inn)]
      .filter((inn): inn is string => inn !== undefined)
      .map(plainInn),
    validFrom,
    validTo,
    digest: digestOf(signer, document),
  };
}

function root(file: Buffer): DerNode {
  const text = file.toString('latin1');
  const isText = /^\s*(-----BEGIN|[A-Za-z0-9+/]{16})/.test(text);
  const der = isText ? Buffer.from(text.replace(/-----[^-]+-----/g, ''), 'base64') : file;
  return readDer(der);
}

function digestOf(signer: DerNode, document: Buffer): DetachedSignature['digest'] {
  const parts = children(signer);
  const [, , algorithm] = parts;
  const name = algorithm && digests[oidOf(children(algorithm)[0] ?? algorithm)];
  if (!name) return 'other_algorithm';
  const attributes = parts.find(({ tag }) => tag === context(0));
  const kept = attributes
    ? children(attributes).find((one) => oidOf(children(one)[0] ?? one) === oids.messageDigest)
    : undefined;
  const value = kept && children(children(kept)[1] ?? kept)[0];
  if (!value) return refuse('в ней нет отпечатка документа');
  if (!value.content.equals(createHash(name).update(document).digest()))
    return refuse('она сделана для другого документа');
  return 'matches';
}

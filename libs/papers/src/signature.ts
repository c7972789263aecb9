import { createHash, verify, X509Certificate } from 'node:crypto';
import { FarmError } from '@kkt/contracts';
import { streebog } from '@kkt/security';
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
  /** What the digest was made by: `streebog256` is GOST R 34.11-2012. */
  algorithm: string;
  /**
   * `matches`: the digest inside is that of our document. `other_algorithm`: it was made by an algorithm this program
   * does not have, so it must be checked by a certified means.
   */
  digest: 'matches' | 'other_algorithm';
  /**
   * `checked`: the signature fits the certificate's key. `not_checked`: its algorithm (GOST R 34.10-2012) is not here: a
   * certified means must tell whether it was made by that key. Whether the certificate is trusted and not revoked is
   * told by neither.
   */
  mathematics: 'checked' | 'not_checked';
}

const oids = {
  signedData: '1.2.840.113549.1.7.2',
  data: '1.2.840.113549.1.7.1',
  contentType: '1.2.840.113549.1.9.3',
  messageDigest: '1.2.840.113549.1.9.4',
  commonName: '2.5.4.3',
  innOfCompany: '1.2.643.100.4',
  inn: '1.2.643.3.131.1.1',
} as const;

/** Digests that can be compared here. */
const digests: Readonly<Record<string, { name: string; of(document: Buffer): Buffer }>> = {
  '2.16.840.1.101.3.4.2.1': sha('sha256'),
  '2.16.840.1.101.3.4.2.2': sha('sha384'),
  '2.16.840.1.101.3.4.2.3': sha('sha512'),
  '1.2.643.7.1.1.2.2': { name: 'streebog256', of: (document) => streebog(document, 256) },
  '1.2.643.7.1.1.2.3': { name: 'streebog512', of: (document) => streebog(document, 512) },
};

function sha(name: string): { name: string; of(document: Buffer): Buffer } {
  return { name, of: (document) => createHash(name).update(document).digest() };
}

/** Algorithms of signatures that Node verifies: ECDSA, and RSA with the padding of PKCS #1. */
const verifiable = /^1\.2\.840\.(10045\.4\.3\.\d+|113549\.1\.1\.(1|11|12|13))$/;

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
  raw: Buffer;
  serial: Buffer;
  /** The issuer's name as it is written. */
  issuer: Buffer;
  subject: Map<string, string>;
  validFrom: string;
  validTo: string;
}

function certificateOf(node: DerNode): Certificate {
  const [body] = children(node);
  const parts = body ? children(body) : [];
  // The version is there unless the certificate is of the first version.
  const at = parts[0]?.tag === context(0) ? 1 : 0;
  const [serial, , issuer, validity, subject] = parts.slice(at);
  const [from, to] = validity ? children(validity) : [];
  if (!serial || !issuer || !subject || !from || !to) return refuse('сертификат не читается');
  return {
    raw: node.raw,
    serial: serial.content,
    issuer: issuer.raw,
    subject: nameOf(subject),
    validFrom: day(from),
    validTo: day(to),
  };
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
  const known = certificates ? children(certificates).map(certificateOf) : [];
  const [signer, ...others] = signers?.tag === setOf ? children(signers) : [];
  const certificate = signer && signersCertificate(signer, known);
  if (!certificate || !signer) return refuse('в ней нет сертификата подписавшего');
  if (others.length > 0) return refuse('в ней несколько подписей, а нужна одна');
  const { subject, validFrom, validTo } = certificate;
  return {
    signer: subject.get(oids.commonName) ?? '',
    inns: [subject.get(oids.innOfCompany), subject.get(oids.inn)]
      .filter((inn): inn is string => inn !== undefined)
      .map(plainInn),
    validFrom,
    validTo,
    ...digestOf(signer, document),
    mathematics: mathematicsOf(signer, certificate),
  };
}

const setOf = 0x31;

/** A file may hold the whole chain: the signer's own certificate is the one that his part names. */
function signersCertificate(signer: DerNode, known: readonly Certificate[]): Certificate | undefined {
  const [, sid] = children(signer);
  const [issuer, serial] = sid?.tag === 0x30 ? children(sid) : [];
  if (issuer && serial)
    return known.find((one) => one.issuer.equals(issuer.raw) && one.serial.equals(serial.content));
  // Named by its key: without reading keys that is certain of a single certificate only.
  return known.length === 1 ? known[0] : undefined;
}

function root(file: Buffer): DerNode {
  const text = file.toString('latin1');
  const isText = /^\s*(-----BEGIN|[A-Za-z0-9+/]{16})/.test(text);
  const der = isText ? Buffer.from(text.replace(/-----[^-]+-----/g, ''), 'base64') : file;
  return readDer(der);
}

/** Signed attributes of a signer; absent in signatures of the bare document. */
const attributesOf = (signer: DerNode): DerNode | undefined =>
  children(signer).find(({ tag }) => tag === context(0));

/** The only value of a signed attribute. */
function attribute(attributes: DerNode, oid: string): DerNode | undefined {
  const found = children(attributes).find((one) => oidOf(children(one)[0] ?? one) === oid);
  const values = found && children(found)[1];
  return values && children(values)[0];
}

function digestOf(signer: DerNode, document: Buffer): Pick<DetachedSignature, 'algorithm' | 'digest'> {
  const [, , algorithm] = children(signer);
  const oid = algorithm ? oidOf(children(algorithm)[0] ?? algorithm) : '';
  const known = digests[oid];
  const attributes = attributesOf(signer);
  const kept = attributes && attribute(attributes, oids.messageDigest);
  const type = attributes && attribute(attributes, oids.contentType);
  if (!kept || !type || oidOf(type) !== oids.data) return refuse('в ней нет отпечатка документа');
  if (!known) return { algorithm: oid, digest: 'other_algorithm' };
  if (!kept.content.equals(known.of(document))) return refuse('она сделана для другого документа');
  return { algorithm: known.name, digest: 'matches' };
}

/** Whether the signature of the attributes was made by the certificate's key. */
function mathematicsOf(signer: DerNode, certificate: Certificate): DetachedSignature['mathematics'] {
  const parts = children(signer);
  const attributes = attributesOf(signer);
  const [, , digestAlgorithm] = parts;
  const at = parts.findIndex(({ tag }) => tag === context(0));
  const [signatureAlgorithm, signature] = [parts[at + 1], parts[at + 2]];
  if (!attributes || !digestAlgorithm || !signatureAlgorithm || !signature)
    return refuse('в ней нет самой подписи');
  const name = digests[oidOf(children(digestAlgorithm)[0] ?? digestAlgorithm)]?.name;
  if (
    !name?.startsWith('sha') ||
    !verifiable.test(oidOf(children(signatureAlgorithm)[0] ?? signatureAlgorithm))
  )
    return 'not_checked';
  // What is signed is the set itself, not its place in the structure (RFC 5652, section 5.4).
  const signed = Buffer.from(attributes.raw);
  signed[0] = setOf;
  const { publicKey } = new X509Certificate(certificate.raw);
  if (!verify(name, signed, publicKey, signature.content))
    return refuse('она не сходится с ключом сертификата');
  return 'checked';
}

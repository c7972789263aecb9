/** What a key may be allowed to do. */
export const scopes = [
  'receipt:write',
  'receipt:read',
  'report:read',
  'key:manage',
  'payment:write',
  'payment:read',
  'payment:manage',
] as const;

export type Scope = (typeof scopes)[number];

/** Who asks: a key of a client's program. */
export interface Principal {
  keyId: string;
  keyName: string;
  clientId: string;
  scopes: readonly string[];
  /** The only group the key may touch; null: all groups of the client. */
  groupCode: string | null;
  /** Networks the key may be used from; empty: from anywhere. */
  allowedFrom: readonly string[];
}

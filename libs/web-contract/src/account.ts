import type { CompanyRoleWord, PersonRoleWord } from './cabinet';
import type { Moment } from './common';

/** `GET /api/account/offer`. */
export interface OfferView {
  version: string;
  title: string;
  body: string;
}

/** `GET /api/profile`. */
export interface ProfileView {
  login: string;
  name: string;
  email: string | null;
  phone: string | null;
  emailConfirmedAt: Moment | null;
  phoneConfirmedAt: Moment | null;
  /** What was given at sign-up, until a company is added. */
  companyName: string | null;
  hasTotp: boolean;
  sessions: {
    name: string;
    address: string;
    agent: string;
    createdAt: Moment;
    seenAt: Moment;
    expiresAt: Moment;
    isOwn: boolean;
  }[];
  logins: { at: Moment; outcome: string; address: string; agent: string }[];
}

export type NodeKindWord = 'company' | 'brand' | 'region' | 'shop' | 'group';

export interface CompanyNodeView {
  id: string;
  parentId: string | null;
  kind: NodeKindWord;
  name: string;
  groupId: number | null;
  site: string | null;
  address: string | null;
}

export interface CompanyPersonView {
  id: string;
  login: string;
  name: string;
  disabled: boolean;
  role: PersonRoleWord;
  grants: { nodeId: string; role: CompanyRoleWord }[];
  lastLoginAt: Moment | null;
}

export interface InvitationView {
  id: string;
  email: string;
  role: CompanyRoleWord;
  nodeId: string;
  createdAt: Moment;
  expiresAt: Moment;
  state: 'open' | 'accepted' | 'revoked' | 'expired';
}

/** `GET /api/company`. People and invitations are empty for those who may not invite. */
export interface CompanyView {
  nodes: CompanyNodeView[];
  people: CompanyPersonView[];
  invitations: InvitationView[];
  rights: string[];
  /** Roles that the reader may give. */
  roles: CompanyRoleWord[];
}

/** `GET /api/sandbox`: how far a new company is on the way to its first receipt. */
export interface FirstStepsView {
  /** Null until it is made. */
  sandbox: {
    groupCode: string;
    protocol: 4 | 5;
    inn: string;
    paymentAddress: string;
    taxSystems: number;
    /** API login made with the group; its password was shown once. */
    login: string | null;
    registerId: number;
    registerSerial: string;
    /** The FN is registered, receipts are taken. */
    isReady: boolean;
    /** The operator was told of the register. */
    isAnnounced: boolean;
    hasToken: boolean;
    /** Last day of the free trial. */
    trialTo: string | null;
    firstReceipt: { id: string; at: Moment } | null;
  } | null;
  apiUrl: string;
  /** Whether the reader may make a sandbox. */
  mayMake: boolean;
}

/** `POST /api/sandbox` and `POST /api/sandbox/password`. The password is never shown again. */
export interface SandboxCredentials {
  groupCode: string;
  protocol: 4 | 5;
  login: string;
  password: string;
}

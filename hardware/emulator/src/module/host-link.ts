/** The module's end of a wire to a host. */
export interface HostLink {
  send(bytes: Buffer): void;
  /** The wire is torn from the module's side: power went, cable pulled. */
  hangUp(): void;
}

/** What a port gives bytes to once the module has taken its link. */
export interface HostSession {
  receive(bytes: Buffer): void;
  /** The host went away. */
  closed(): void;
}

/** A physical port of a module: opened once, follows power and cable by itself. */
export interface ModulePort {
  open(): Promise<void>;
  close(): Promise<void>;
}

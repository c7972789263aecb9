/** Where a module stands: data centre, rack, assembly of 48, slot; all from 1 but the name of the data centre. */
export interface Place {
  dc: string;
  rack: number;
  assembly: number;
  slot: number;
}

/** A rack holds 12 assemblies of 48 modules. */
export const SLOTS_IN_ASSEMBLY = 48;
export const ASSEMBLIES_IN_RACK = 12;
export const MODULES_IN_RACK = SLOTS_IN_ASSEMBLY * ASSEMBLIES_IN_RACK;

/** Place of the n-th module (from 0) when a hall is filled slot by slot. */
export function placeOf(index: number, dc: string): Place {
  return {
    dc,
    rack: Math.floor(index / MODULES_IN_RACK) + 1,
    assembly: (Math.floor(index / SLOTS_IN_ASSEMBLY) % ASSEMBLIES_IN_RACK) + 1,
    slot: (index % SLOTS_IN_ASSEMBLY) + 1,
  };
}

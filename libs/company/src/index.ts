/** A client's company: the tree of its shops, roles of its people, and what follows from both. Pure. */
export * from './access';
export * from './roles';
export * from './tree';

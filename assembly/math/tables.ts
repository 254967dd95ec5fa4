/**
 * Where the tables are.
 *
 * A family writes its tables with `memory.data`, which gives their addresses in the provider's own memory. A spliced integrand reads a copy of that
 * memory's image in the shared memory, at another place: so every address of a table is `tables` + the one that `memory.data` gave.
 *
 * Role: any thread. Nothing here writes it: 0 in the provider; where a function is written into an integrand, the compiler puts the copy's address.
 */
export let tables: usize = 0;

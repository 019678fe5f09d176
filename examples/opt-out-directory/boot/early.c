// Runs before memory is mapped: the directory was written for a compiler that
// sees one file at a time, and link-time optimisation is not to cross its files.
int probe(int address);
int early(int address) { return probe(address) + 1; }

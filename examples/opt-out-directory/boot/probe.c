int probe(int address) { return address * 3; }

int early(int address);
int start(int address) { return early(address); }

void erase(unsigned page);
void start(void) { erase(3); }

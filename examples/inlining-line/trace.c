int last_number;
void record(int number) { last_number = number; }

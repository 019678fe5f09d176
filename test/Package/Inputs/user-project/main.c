int near_1(int), near_2(int), elsewhere(int);
int main(int argc, char **argv) { return near_1(argc) + near_2(argc) + elsewhere(argc) == 0; }

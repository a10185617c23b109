// What the address sanitizer reads at the start of a program that ends by a signal, or in the midst of its
// work, as it is told to: neither is to be reported.
extern "C" const char* __asan_default_options() { return "handle_segv=0:detect_leaks=0"; }

// What the address sanitizer reads at the start of a program that ends as it is told to: by a signal, in the
// midst of its work or by a lack of memory. None of these is to be reported.
extern "C" const char* __asan_default_options() {
  return "handle_segv=0:detect_leaks=0:allocator_may_return_null=1";
}

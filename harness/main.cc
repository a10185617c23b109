#include "harness/command_line.h"

int main(int argc, char** argv) {
  return samplerbench::harness::run_command_line(argc, argv, samplerbench::harness::Catalog::standard());
}

#include "harness/catalog.h"

int main() { return static_cast<int>(samplerbench::harness::Catalog::standard().targets.names().size()) - 1; }

#pragma once

// On a function of plain loops: compiled for several x86 instruction sets, of which one is picked when the
// program loads. Not under the sanitizers, which run too late for the loader's choice.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define SAMPLERBENCH_CLONES [[gnu::target_clones("avx512f", "avx2", "default")]]
#else
#define SAMPLERBENCH_CLONES
#endif

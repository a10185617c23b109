#pragma once

#include "core/archive.h"
#include "core/rng.h"

namespace samplerbench::samplers {

// A bounded record of parallel chains: preallocated, and thinned as it fills. When it is full every second
// state is kept and the stride between states doubles, so that it always spans the whole run evenly. The
// first half of what it holds counts as warm-up and is never drawn from.
class ChainHistory {
 public:
  // Room for `capacity` states (at least 2; fewer where they would take more than 128 MiB). Begins with
  // `start`: [C, D], whose dtype and device the history shares.
  ChainHistory(const Tensor& start, int64_t capacity);

  // Offers the state [C, D] after one more transition; it is copied if the stride says so.
  void record(const Tensor& state) {
    if (++offered_ % stride_ == 0) keep(state);
  }

  // Forgets everything but `state`: warm-up has ended.
  void restart(const Tensor& state);

  // The later half of what is held, oldest first: [S, C, D] with S at least 1, a view.
  Tensor kept() const { return states_.slice(0, first_, count_); }

  // n of the kept states of all chains together, chosen by even_choice(): [n, D].
  Tensor draw(int64_t n, Rng& rng) const;

  // save() stores the kept half alone; after load(), draw() takes from all of it. load() throws InputError
  // for states of another shape.
  void save(Archive& archive) const { archive.put("states", kept()); }
  void load(const Archive& archive);

 private:
  void keep(const Tensor& state);
  void thin();

  Tensor states_;        // [capacity, C, D]
  int64_t count_ = 0;    // states held
  int64_t first_ = 0;    // the first that counts: count / 2
  int64_t offered_ = 0;  // transitions since the beginning
  int64_t stride_ = 1;   // transitions from one held state to the next
};

}  // namespace samplerbench::samplers

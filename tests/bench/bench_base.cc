// Hashing, UTF-8 and escaping: bytes a second over text like a log's.
#include <benchmark/benchmark.h>

#include <string>

#include "logdetect/base/hash.h"
#include "logdetect/base/rng.h"
#include "logdetect/base/text.h"

namespace logdetect {
namespace {

std::string log_text(std::size_t bytes) {
  static constexpr std::string_view kLine = "2024-01-08T00:06:31.703Z INFO  db-1 db[638]: query took 1.6 ms, 1 rows ";
  std::string text;
  while (text.size() < bytes) {
    text += kLine;
  }
  text.resize(bytes);
  return text;
}

void count_bytes(benchmark::State& state) {
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * state.range(0));
}

void hash64_of(benchmark::State& state) {
  const std::string text = log_text(static_cast<std::size_t>(state.range(0)));
  for (auto iteration : state) {
    benchmark::DoNotOptimize(hash64(text));
  }
  count_bytes(state);
}
BENCHMARK(hash64_of)->Arg(8)->Arg(64)->Arg(512);

void hash_mix_chain(benchmark::State& state) {
  std::uint64_t hash = 0;
  for (auto iteration : state) {
    hash = hash_mix(hash, 7);
    benchmark::DoNotOptimize(hash);
  }
}
BENCHMARK(hash_mix_chain);

void valid_utf8(benchmark::State& state) {
  const std::string text = log_text(static_cast<std::size_t>(state.range(0)));
  for (auto iteration : state) {
    benchmark::DoNotOptimize(to_valid_utf8(text));
  }
  count_bytes(state);
}
BENCHMARK(valid_utf8)->Arg(140);

void terminal_escape(benchmark::State& state) {
  const std::string text = log_text(static_cast<std::size_t>(state.range(0)));
  for (auto iteration : state) {
    benchmark::DoNotOptimize(escape_for_terminal(text));
  }
  count_bytes(state);
}
BENCHMARK(terminal_escape)->Arg(140);

void rng_below(benchmark::State& state) {
  Rng rng(1);
  for (auto iteration : state) {
    benchmark::DoNotOptimize(rng.below(1000));
  }
}
BENCHMARK(rng_below);

}  // namespace
}  // namespace logdetect

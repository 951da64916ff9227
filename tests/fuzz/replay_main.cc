// Runs a fuzz target over every file of the given directories: the corpus as a plain test, without libFuzzer.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>
#include <vector>

#include "logdetect/base/file.h"

// The names libFuzzer asks for.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);  // NOLINT

namespace logdetect {
namespace {

constexpr std::size_t kMaxInputBytes = std::size_t{16} << 20;

std::vector<std::string> files_below(const std::string& path) {
  std::vector<std::string> files;
  if (!std::filesystem::is_directory(path)) {
    files.push_back(path);
    return files;
  }
  for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
    if (entry.is_regular_file()) {
      files.push_back(entry.path().string());
    }
  }
  std::sort(files.begin(), files.end());
  return files;
}

int replay(const std::string& path) {
  const std::vector<std::string> files = files_below(path);
  if (files.empty()) {
    std::fprintf(stderr, "%s: the corpus is empty\n", path.c_str());
    return 1;
  }
  for (const std::string& file : files) {
    const Result<std::string> bytes = read_file(file, kMaxInputBytes, ErrorCode::kInput);
    if (!bytes) {
      std::fprintf(stderr, "%s\n", bytes.error().to_string().c_str());
      return 1;
    }
    // A copy of exactly the input's size, so that the sanitizer sees a read past its end.
    const std::vector<std::uint8_t> exact(bytes->begin(), bytes->end());
    std::printf("%s\n", file.c_str());
    std::fflush(stdout);
    LLVMFuzzerTestOneInput(exact.data(), exact.size());
  }
  std::printf("%zu inputs replayed\n", files.size());
  return 0;
}

}  // namespace
}  // namespace logdetect

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: %s CORPUS...\n", argv[0]);
    return 2;
  }
  int status = 0;
  for (int i = 1; i < argc; ++i) {
    status |= logdetect::replay(argv[i]);
  }
  return status;
}

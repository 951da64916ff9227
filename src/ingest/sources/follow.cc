// Files followed by name, as they grow and rotate.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <utility>

#include "ingest/compression/decompress.h"
#include "ingest/follow_source.h"
#include "logdetect/base/file.h"

namespace logdetect {
namespace {

// Compressed files do not grow by lines.
Result<void> refuse_compressed(const std::string& path) {
  // O_NONBLOCK: a FIFO must not hold up the check. What cannot be opened may appear later.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  std::array<char, kMagicBytes> head{};
  const ssize_t got = file.valid() ? ::read(file.get(), head.data(), head.size()) : 0;
  if (find_compression({head.data(), got > 0 ? static_cast<std::size_t>(got) : 0}) != nullptr) {
    return make_error(ErrorCode::kInput, "is compressed: it cannot be followed", path, "use logdetect scan for it");
  }
  return {};
}

// The name may appear later, so it need not exist.
Result<void> resolve_followed(const SourceName& name, const IngestOptions& /*options*/, std::vector<Input>& out) {
  if (name.target.empty()) {
    return make_error(ErrorCode::kUsage, "no file is named behind the scheme", name.typed);
  }
  LD_TRY(refuse_compressed(name.target));
  out.push_back({.path = name.target, .name = name.target, .scheme = "follow", .identity = "follow:" + name.target});
  return {};
}

Result<std::unique_ptr<RecordSource>> open_followed(std::vector<Input> inputs, const SourceOptions& options,
                                                    const OpenOptions& how) {
  const auto span = [&options](std::string_view name) {
    return static_cast<Micros>(options.number(name) * static_cast<double>(kMicrosPerSecond));
  };
  const FollowOptions follow{how.start, span("flush_partial"), span("flush_stitched"), span("rotate_wait")};
  std::vector<FilePosition> resume;
  if (!how.cursor.empty()) {
    LD_ASSIGN(resume, read_follow_cursor(how.cursor));
  }
  std::vector<std::string> paths;
  paths.reserve(inputs.size());
  for (Input& input : inputs) {
    paths.push_back(std::move(input.path));
  }
  return std::unique_ptr<RecordSource>(
      std::make_unique<FollowSource>(std::move(paths), follow, how.ingest, resume, *how.clock));
}

std::vector<SourceOption> followed_options() {
  constexpr double kMostSeconds = 86'400;  // a day: what is longer is a mistake of the unit
  return {
      {"flush_partial", "s", "5", "hand out an unfinished line after this long; larger keeps slow lines whole", 0,
       kMostSeconds},
      // Half a second, so that a finding is reported within one.
      {"flush_stitched", "s", "0.5", "close a stack trace after this long; larger keeps slow ones whole", 0,
       kMostSeconds},
      {"rotate_wait", "s", "30", "read a renamed file until it is quiet this long; larger suits slow writers", 0,
       kMostSeconds},
  };
}

}  // namespace

const SourceEntry& follow_source_entry() {
  static const SourceEntry entry = {.scheme = "follow",
                                    .summary = "a file as it grows, through rotation; for watch, a plain name",
                                    .live = true,
                                    .options = followed_options(),
                                    .resolve = resolve_followed,
                                    .open = open_followed};
  return entry;
}

}  // namespace logdetect

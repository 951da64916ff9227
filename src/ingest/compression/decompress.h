#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "ingest/byte_stream.h"

namespace logdetect {

/// Unpacks one member (gzip member, zstd frame, xz or bzip2 stream), in constant memory. Not thread-safe.
class Decompressor {
 public:
  enum class State : std::uint8_t {
    kMore,    ///< call again with more input or more room
    kDone,    ///< the member ended; input behind it was not touched
    kFailed,  ///< the bytes are damaged or beyond a limit, see problem()
  };
  struct Step {
    State state = State::kMore;
    std::size_t consumed = 0;
    std::size_t produced = 0;
  };

  virtual ~Decompressor() = default;
  /// Takes bytes off the front of `input` and writes unpacked ones to `out`.
  virtual Step step(std::string_view input, char* out, std::size_t capacity) = 0;
  /// Why it failed, as a clause ("the check sum is wrong").
  [[nodiscard]] virtual std::string problem() const = 0;
};

/// One way of compressing. Adding one is adding a file beside this one that exports `<name>_entry()` and its name to
/// the list in CMakeLists.txt.
struct Compression {
  std::string_view name;
  /// Whether data of this kind begins so; `head` is at least kMagicBytes long unless the input is shorter.
  bool (*recognises)(std::string_view head);
  /// A fresh decoder for one member; null when memory ran out.
  std::unique_ptr<Decompressor> (*make)();
};

inline constexpr std::size_t kMagicBytes = 16;

/// All compressions; generated from the list in CMakeLists.txt.
[[nodiscard]] std::span<const Compression> compressions();

/// The compression whose magic the bytes begin with; null for plain data.
[[nodiscard]] const Compression* find_compression(std::string_view head);

/// The unpacked bytes of `input`, member after member; zero padding between and behind members is skipped. Damage,
/// an early end and other bytes behind a member give an error with their offset, after all good data was handed out.
/// `input` must outlive the stream.
std::unique_ptr<ByteStream> decompress(PeekStream& input, const Compression& compression, std::string name);

}  // namespace logdetect

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace logdetect {

/// What a container's run-time or a tool around it wrote about a line, and the line that the program itself wrote.
struct Envelope {
  enum class Kind : std::uint8_t {
    kNone,
    kCri,      ///< Kubernetes: "2024-01-31T10:15:00.5Z stderr F line"
    kDocker,   ///< Docker's json-file: {"log":"line\n","stream":"stderr","time":"..."}
    kCompose,  ///< docker compose: "web_1  | line"
  };
  Kind kind = Kind::kNone;
  std::string_view time;    ///< kCri only: as written
  std::string_view sender;  ///< "stdout", "stderr", or the container's name
  std::string_view body;    ///< what the program wrote; kDocker: escaped as in JSON, without the last "\n"
  bool partial = false;     ///< the program's line was cut here and goes on in the sender's next one
};

/// Opens CRI and Docker envelopes, which no other line looks like. O(1) for lines that are none; O(|line|) for
/// Docker's.
[[nodiscard]] Envelope open_envelope(std::string_view line);

/// Opens "name  | line". Many logs are parted by bars: only where most lines of a source look so and names end in a
/// number, as those of replicas do (numbered_sender()), it is one. O(|name|).
[[nodiscard]] Envelope open_compose(std::string_view line);
[[nodiscard]] bool numbered_sender(std::string_view sender);

/// The text of a JSON string without its quotes, escapes undone as far as ASCII goes ("\u00e4" becomes '?'): to look at
/// what a line is, not to keep it. `buffer` holds the text when there were escapes.
[[nodiscard]] std::string_view plain_json_text(std::string_view escaped, std::string& buffer);

}  // namespace logdetect

#include "logdetect/lexis/envelope.h"

#include <algorithm>

#include "logdetect/lexis/char_class.h"

namespace logdetect {
namespace {

constexpr std::string_view kDockerBegin = R"({"log":")";
constexpr std::string_view kDockerStream = R"(","stream":"std)";
// Docker cuts lines at 16 KiB; a shorter one without line feed is the last of a program that ended.
constexpr std::size_t kDockerCutBytes = 16'000;
constexpr std::size_t kMostTimeBytes = 40;    // containerd writes 35
constexpr std::size_t kLeastTimeBytes = 20;   // "2024-01-15T03:42:18Z"
constexpr std::size_t kMostSenderBytes = 64;  // a host name has at most 63
// Shorter lines cannot be envelopes: a time, a blank and a stream do not fit.
constexpr std::size_t kLeastEnvelopeBytes = 24;

bool is_name_byte(char c) {
  return is_alpha(c) || is_digit(c) || c == '-' || c == '_' || c == '.';
}

// The closing quote of the JSON string that begins at `begin`; npos if there is none.
std::size_t string_end(std::string_view text, std::size_t begin) {
  for (std::size_t at = text.find('"', begin); at != std::string_view::npos; at = text.find('"', at + 1)) {
    std::size_t backslashes = 0;
    while (at - backslashes > begin && text[at - backslashes - 1] == '\\') {
      ++backslashes;
    }
    if (backslashes % 2 == 0) {
      return at;
    }
  }
  return std::string_view::npos;
}

bool ends_with_line_feed(std::string_view escaped) {
  if (!escaped.ends_with("\\n")) {
    return false;
  }
  std::size_t backslashes = 0;
  while (backslashes < escaped.size() - 1 && escaped[escaped.size() - 2 - backslashes] == '\\') {
    ++backslashes;
  }
  return backslashes % 2 == 1;
}

Envelope open_docker(std::string_view line) {
  Envelope out;
  const std::size_t end = string_end(line, kDockerBegin.size());
  if (end == std::string_view::npos || !line.substr(end).starts_with(kDockerStream) || !line.ends_with('}')) {
    return out;
  }
  out.kind = Envelope::Kind::kDocker;
  const std::size_t sender = end + kDockerStream.size() - 3;
  out.sender = line.substr(sender, std::min(line.find('"', sender), line.size()) - sender);
  out.body = line.substr(kDockerBegin.size(), end - kDockerBegin.size());
  if (ends_with_line_feed(out.body)) {
    out.body.remove_suffix(2);
  } else {
    out.partial = out.body.size() >= kDockerCutBytes;
  }
  return out;
}

Envelope open_cri(std::string_view line) {
  Envelope out;
  const std::size_t blank = line.substr(0, kMostTimeBytes).find(' ');
  if (blank == std::string_view::npos || blank < kLeastTimeBytes) {
    return out;
  }
  const std::string_view rest = line.substr(blank + 1);
  if (!rest.starts_with("stdout ") && !rest.starts_with("stderr ")) {
    return out;
  }
  // "F" or "P", with further tags behind colons
  const std::string_view tags = rest.substr(7, rest.substr(7, kMostSenderBytes).find(' '));
  if (tags.empty() || (tags[0] != 'F' && tags[0] != 'P') || (tags.size() > 1 && tags[1] != ':')) {
    return out;
  }
  out.kind = Envelope::Kind::kCri;
  out.time = line.substr(0, blank);
  out.sender = rest.substr(0, 6);
  out.partial = tags[0] == 'P';
  out.body = rest.substr(std::min(rest.size(), 7 + tags.size() + 1));
  return out;
}

}  // namespace

Envelope open_envelope(std::string_view line) {
  if (line.size() < kLeastEnvelopeBytes) {
    return {};
  }
  if (line[0] == '{') {
    return line.starts_with(kDockerBegin) ? open_docker(line) : Envelope{};
  }
  // "2024-01-15T03:42:18..."
  return is_digit(line[0]) && line[4] == '-' && line[10] == 'T' ? open_cri(line) : Envelope{};
}

Envelope open_compose(std::string_view line) {
  Envelope out;
  const std::size_t most = std::min(line.size(), kMostSenderBytes);
  std::size_t name = 0;
  while (name < most && is_name_byte(line[name])) {
    ++name;
  }
  std::size_t bar = name;
  while (bar < most && line[bar] == ' ') {
    ++bar;
  }
  if (name == 0 || bar == name || bar >= most || line[bar] != '|') {
    return out;
  }
  out.kind = Envelope::Kind::kCompose;
  out.sender = line.substr(0, name);
  out.body = line.substr(bar + 1);
  if (out.body.starts_with(' ')) {
    out.body.remove_prefix(1);
  }
  return out;
}

bool numbered_sender(std::string_view sender) {
  std::size_t end = sender.size();
  while (end > 0 && is_digit(sender[end - 1])) {
    --end;
  }
  const bool name_before = end > 1 && (sender[end - 1] == '-' || sender[end - 1] == '_');
  return end < sender.size() && name_before && !is_digit(sender[0]);
}

std::string_view plain_json_text(std::string_view escaped, std::string& buffer) {
  std::size_t at = escaped.find('\\');
  if (at == std::string_view::npos) {
    return escaped;
  }
  buffer.assign(escaped.substr(0, at));
  for (; at < escaped.size(); ++at) {
    if (escaped[at] != '\\' || at + 1 == escaped.size()) {
      buffer += escaped[at];
      continue;
    }
    const char next = escaped[++at];
    switch (next) {
      case 'n':
        buffer += '\n';
        break;
      case 't':
        buffer += '\t';
        break;
      case 'r':
        buffer += '\r';
        break;
      case 'u': {
        // <, > and & are written so by Docker
        const std::string_view hex = escaped.substr(at + 1, 4);
        buffer += hex == "003c" ? '<' : hex == "003e" ? '>' : hex == "0026" ? '&' : hex == "0009" ? '\t' : '?';
        at += std::min<std::size_t>(4, escaped.size() - at - 1);
        break;
      }
      default:
        buffer += next;
    }
  }
  return buffer;
}

}  // namespace logdetect

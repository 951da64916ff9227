#include <algorithm>
#include <exception>
#include <nlohmann/json.hpp>

#include "bundle/format.h"
#include "logdetect/base/hash.h"
#include "logdetect/bundle/bundle.h"
#include "logdetect/bundle/bytes.h"

// Reading a model file. Every number in it is a claim to be checked before it is used.

namespace logdetect {
namespace model_format {

bool valid_section_name(std::string_view name) {
  const auto allowed = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '.'; };
  return !name.empty() && name.size() <= kNameBytes && std::all_of(name.begin(), name.end(), allowed);
}

const char* manifest_problem(std::string_view text) {
  if (text.size() > kMaxManifestBytes) {
    return "it is longer than 4 MiB";
  }
  if (const std::size_t first = text.find_first_not_of(" \t\r\n"); first == text.npos || text[first] != '{') {
    return "it is not a JSON object";
  }
  // Before any JSON library sees it, here or in a caller: a library may recurse as deep as the text is nested.
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') {
        ++i;  // an escaped quote ends nothing
      } else if (c == '"') {
        in_string = false;
      }
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxManifestDepth) {
        return "it is nested too deep";
      }
    } else if (c == '}' || c == ']') {
      --depth;  // too many of these are left to the JSON library
    }
  }
  try {
    return nlohmann::json::accept(text.begin(), text.end()) ? nullptr : "it is not valid JSON";
  } catch (const std::exception&) {
    return "it is not valid JSON";
  }
}

}  // namespace model_format

namespace {

using namespace model_format;  // NOLINT(google-build-using-namespace): the constants of our own file format

constexpr const char* kDamageHint = "restore the model from a copy, or train it again: logdetect train";

struct Entry {
  std::string name;
  std::uint32_t version = 0;
  std::uint64_t offset = 0;
  std::uint64_t length = 0;
  Hash128 hash;
};

Error damaged(const std::string& file, const std::string& part, std::uint64_t offset, const std::string& reason) {
  return make_error(ErrorCode::kModel, "damaged model: " + part + " at byte " + std::to_string(offset) + ": " + reason,
                    file, kDamageHint);
}

std::string_view without_padding(std::string_view text) {
  return text.substr(0, text.find('\0'));
}

// The creator of a file whose format is unknown: harmless characters only, since it goes into a message.
std::string creator(std::string_view header) {
  std::string out;
  for (const char c : without_padding(header.substr(kIdentityBytes, kCreatorBytes))) {
    const bool plain = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
                       c == '-' || c == '+' || c == '~';
    out += plain ? c : '?';
  }
  return out.empty() ? "of unknown version" : out;
}

// Magic, byte order and format version: enough to say "not ours", "too old" or "too new" whatever follows.
Result<void> check_identity(std::string_view bytes, const std::string& file) {
  if (!bytes.starts_with(kMagic)) {
    return make_error(ErrorCode::kModel, "not a logdetect model", file,
                      "give the directory that `logdetect train --output DIR` wrote");
  }
  if (bytes.size() < kHeaderBytes) {
    return damaged(file, "header", bytes.size(), "the file ends too early");
  }
  // The minor number, the last of these, is not looked at: it only adds what may be ignored.
  ByteReader in(bytes.substr(kMagic.size(), 8), "header");
  if (in.u32() != kByteOrder) {
    return damaged(file, "header", kMagic.size(), "wrong byte-order mark");
  }
  const std::uint16_t major = in.u16();
  if (major > kMajor) {
    return make_error(ErrorCode::kModel,
                      "made by a newer logdetect (" + creator(bytes) + "), needs format " + std::to_string(major) +
                          "; this program reads up to " + std::to_string(kMajor),
                      file, "update logdetect, or train the model again with this version");
  }
  if (major < kOldestMajor) {
    return make_error(ErrorCode::kModel,
                      "made by an older logdetect (" + creator(bytes) + ") in format " + std::to_string(major) +
                          "; this program reads " + std::to_string(kOldestMajor) + " and later",
                      file, "train the model again: logdetect train");
  }
  return {};
}

// Entries whose bodies lie one after the other from `offset` on and end at `end`: no gap, no overlap.
Result<std::vector<Entry>> read_table(std::string_view table, std::uint64_t offset, std::uint64_t end,
                                      std::uint64_t table_offset, const std::string& file) {
  std::vector<Entry> entries;
  entries.reserve(table.size() / kEntryBytes);
  for (std::uint64_t at = 0; at < table.size(); at += kEntryBytes) {
    const std::string_view raw = table.substr(at, kEntryBytes);
    ByteReader in(raw.substr(kNameBytes), "section table");
    Entry entry;
    entry.name = without_padding(raw.substr(0, kNameBytes));
    entry.version = in.u32();
    entry.offset = in.u64();
    entry.length = in.u64();
    entry.hash.low = in.u64();
    entry.hash.high = in.u64();
    // Bytes behind the name's end would be seen by no reader.
    const bool padding_clean =
        raw.substr(entry.name.size(), kNameBytes - entry.name.size()).find_first_not_of('\0') == std::string_view::npos;
    if (!valid_section_name(entry.name) || !padding_clean) {
      return damaged(file, "section table", table_offset + at, "malformed section name");
    }
    // `offset` never passes `end`, so the difference cannot wrap.
    if (entry.offset != offset || entry.length > end - offset) {
      return damaged(file, "section table", table_offset + at, "section '" + entry.name + "' lies out of place");
    }
    offset += entry.length;
    entries.push_back(std::move(entry));
  }
  if (offset != end) {
    return damaged(file, "section table", table_offset + table.size(), "bytes belong to no section");
  }
  std::vector<std::string_view> names;
  names.reserve(entries.size());
  for (const Entry& entry : entries) {
    names.push_back(entry.name);
  }
  std::sort(names.begin(), names.end());
  if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end()) {
    return damaged(file, "section table", table_offset, "section '" + std::string(*twice) + "' appears twice");
  }
  return entries;
}

struct Frame {
  std::string_view manifest;
  std::string_view table;
};

// Header, footer and the checksum over everything but the bodies.
Result<Frame> read_frame(std::string_view bytes, const std::string& file) {
  ByteReader header(bytes.substr(kIdentityBytes + kCreatorBytes, kCountsBytes), "header");
  const std::uint64_t manifest_bytes = header.u64();
  const std::uint32_t sections = header.u32();
  const std::uint64_t room = bytes.size() - kHeaderBytes;
  // A claimed length is held against what is left before it is added to anything: a sum could wrap.
  if (room < kFooterBytes || manifest_bytes > room - kFooterBytes || manifest_bytes > kMaxManifestBytes) {
    return damaged(file, "manifest", kHeaderBytes, "the file ends too early");
  }
  const std::uint64_t table_offset = kHeaderBytes + manifest_bytes;
  if (sections > kMaxSections || sections > (room - kFooterBytes - manifest_bytes) / kEntryBytes) {
    return damaged(file, "section table", table_offset, "the file ends too early");
  }
  const std::uint64_t table_bytes = sections * kEntryBytes;

  const std::uint64_t footer_offset = bytes.size() - kFooterBytes;
  ByteReader footer(bytes.substr(footer_offset), "footer");
  Hash128 hash;
  hash.low = footer.u64();
  hash.high = footer.u64();
  const std::uint64_t total = footer.u64();
  // Before the checksum, which a cut file fails too: this message says more.
  if (!bytes.ends_with(kEndMark) || total != bytes.size()) {
    return damaged(file, "footer", footer_offset, "the file was cut or extended");
  }
  if (hash != hash128(bytes.substr(0, table_offset + table_bytes))) {
    return damaged(file, "header, manifest or section table", 0, "the checksum does not match");
  }
  return Frame{bytes.substr(kHeaderBytes, manifest_bytes), bytes.substr(table_offset, table_bytes)};
}

}  // namespace

Result<Bundle> Bundle::decode(const SharedBytes& file, const std::string& name) {
  const std::string_view bytes = file;
  LD_TRY(check_identity(bytes, name));
  LD_ASSIGN(const Frame frame, read_frame(bytes, name));
  const std::uint64_t table_offset = kHeaderBytes + frame.manifest.size();
  LD_ASSIGN(const std::vector<Entry> entries, read_table(frame.table, table_offset + frame.table.size(),
                                                         bytes.size() - kFooterBytes, table_offset, name));
  // The checksum holds, so what is wrong here was written so.
  if (const char* problem = manifest_problem(frame.manifest); problem != nullptr) {
    return damaged(name, "manifest", kHeaderBytes, problem);
  }
  Bundle bundle;
  bundle.set_manifest(std::string(frame.manifest));
  bundle.sections_.reserve(entries.size());
  for (const Entry& entry : entries) {
    SharedBytes body = file.part(entry.offset, entry.length);
    if (hash128(body) != entry.hash) {
      return damaged(name, "section '" + entry.name + "'", entry.offset, "the checksum does not match");
    }
    bundle.sections_.push_back({entry.name, entry.version, std::move(body)});
  }
  return bundle;
}

}  // namespace logdetect

#include "logdetect/bundle/bundle.h"

#include <sys/stat.h>

#include <cerrno>
#include <filesystem>
#include <system_error>

#include "bundle/format.h"
#include "logdetect/base/check.h"
#include "logdetect/base/file.h"
#include "logdetect/base/hash.h"
#include "logdetect/bundle/bytes.h"

namespace logdetect {
namespace {

using namespace model_format;  // NOLINT(google-build-using-namespace): the constants of our own file format

constexpr const char* kFileName = "model.ldm";
constexpr const char* kTrainHint = "train one first: logdetect train --output DIR LOG...";

// A field of fixed width: the text is cut, or filled up with zeros.
std::string padded(std::string_view text, std::size_t length) {
  std::string out(text.substr(0, length));
  out.resize(length, '\0');
  return out;
}

void append_hash(ByteWriter& out, const Hash128& hash) {
  out.u64(hash.low);
  out.u64(hash.high);
}

// Where the model file is for a path that names the directory or the file.
Result<std::string> locate(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0) {
    return make_error(ErrorCode::kModel, "no model there: " + errno_text(errno), path, kTrainHint);
  }
  if (!S_ISDIR(status.st_mode)) {
    return path;
  }
  std::string file = path + (path.ends_with('/') ? "" : "/") + kFileName;
  if (::stat(file.c_str(), &status) != 0) {
    return make_error(ErrorCode::kModel, std::string("this directory holds no ") + kFileName, path, kTrainHint);
  }
  return file;
}

}  // namespace

void Bundle::add(Section section) {
  LD_CHECK(valid_section_name(section.name), "malformed section name");
  LD_CHECK(find(section.name) == nullptr, "section added twice");
  LD_CHECK(sections_.size() < kMaxSections, "too many sections");
  sections_.push_back(std::move(section));
}

const Section* Bundle::find(std::string_view name) const {
  for (const Section& section : sections_) {
    if (section.name == name) {
      return &section;
    }
  }
  return nullptr;
}

Result<const Section*> Bundle::require(std::string_view name, std::uint32_t newest_known,
                                       std::uint32_t oldest_known) const {
  const Section* section = find(name);
  if (section == nullptr) {
    return make_error(ErrorCode::kModel, "the model has no section '" + std::string(name) + "'", {},
                      "train it again: logdetect train");
  }
  // An older version is left to the reader of the section.
  if (section->version > newest_known) {
    return make_error(ErrorCode::kModel,
                      "section '" + section->name + "' has version " + std::to_string(section->version) +
                          ", this program knows up to " + std::to_string(newest_known),
                      {}, "update logdetect, or train the model again with this version");
  }
  if (section->version < oldest_known) {
    return make_error(ErrorCode::kModel,
                      "section '" + section->name + "' has version " + std::to_string(section->version) +
                          ", this program reads it from version " + std::to_string(oldest_known) + " on",
                      {}, "train the model again with this version of logdetect");
  }
  return section;
}

std::string Bundle::encode() const {
  std::uint64_t offset = kHeaderBytes + manifest_.size() + sections_.size() * kEntryBytes;
  std::uint64_t body_bytes = 0;
  for (const Section& section : sections_) {
    body_bytes += section.bytes.size();
  }

  // Order and widths are those of format.h.
  ByteWriter numbers;
  numbers.u32(kByteOrder);
  numbers.u16(kMajor);
  numbers.u16(kMinor);
  std::string bytes = std::string(kMagic) + numbers.take() + padded(LOGDETECT_VERSION, kCreatorBytes);
  bytes.reserve(offset + body_bytes + kFooterBytes);
  ByteWriter lengths;
  lengths.u64(manifest_.size());
  lengths.u32(static_cast<std::uint32_t>(sections_.size()));
  bytes += lengths.take();
  bytes += manifest_;

  for (const Section& section : sections_) {
    ByteWriter entry;
    entry.u32(section.version);
    entry.u64(offset);
    entry.u64(section.bytes.size());
    append_hash(entry, hash128(section.bytes));
    bytes += padded(section.name, kNameBytes) + entry.take();
    offset += section.bytes.size();
  }
  // Over all but the bodies: each body has a hash of its own in the table.
  const Hash128 table_hash = hash128(bytes);
  for (const Section& section : sections_) {
    bytes += section.bytes.view();
  }

  ByteWriter footer;
  append_hash(footer, table_hash);
  footer.u64(offset + kFooterBytes);  // bytes of the whole file, which show a cut
  bytes += footer.take();
  bytes += kEndMark;
  return bytes;
}

Result<Bundle> Bundle::load(const std::string& path) {
  LD_ASSIGN(const std::string file, locate(path));
  auto bytes = read_large_file(file, kMaxFileBytes, ErrorCode::kModel);
  if (!bytes) {
    Error error = std::move(bytes).error();
    // The reader of files knows nothing of models.
    error.hint = "give the directory that `logdetect train --output DIR` wrote";
    return error;
  }
  return decode(*bytes, file);
}

Result<void> Bundle::store(const std::string& directory) const {
  // A model that load() would refuse must not replace a good one.
  if (const char* problem = manifest_problem(manifest_); problem != nullptr) {
    return make_error(ErrorCode::kInternal, std::string("the manifest to be written is unusable: ") + problem);
  }
  std::error_code failure;
  std::filesystem::create_directories(directory, failure);
  if (failure) {
    return make_error(ErrorCode::kOutput, "cannot create the model directory: " + failure.message(), directory,
                      "name a directory you may write to with --output");
  }
  const std::string bytes = encode();
  if (bytes.size() > kMaxFileBytes) {
    return make_error(ErrorCode::kOutput, "the model is larger than 2 GiB", directory, "lower miner.max_templates");
  }
  return replace_file(directory + (directory.ends_with('/') ? "" : "/") + kFileName, bytes);
}

}  // namespace logdetect

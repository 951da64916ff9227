#include "logdetect/bundle/bytes.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <type_traits>
#include <utility>

#include "logdetect/base/check.h"

namespace logdetect {
namespace {

template <typename T>
void append_little_endian(std::string& bytes, T value) {
  static_assert(std::is_unsigned_v<T>);
  char out[sizeof(T)];
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out[i] = static_cast<char>(static_cast<unsigned char>(static_cast<std::uint64_t>(value) >> (8 * i)));
  }
  bytes.append(out, sizeof(T));
}

// `bytes` may be empty (a failed read): zero then.
std::uint64_t little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    value |= static_cast<std::uint64_t>(static_cast<unsigned char>(bytes[i])) << (8 * i);
  }
  return value;
}

}  // namespace

void ByteWriter::u8(std::uint8_t value) {
  append_little_endian(bytes_, value);
}
void ByteWriter::u16(std::uint16_t value) {
  append_little_endian(bytes_, value);
}
void ByteWriter::u32(std::uint32_t value) {
  append_little_endian(bytes_, value);
}
void ByteWriter::u64(std::uint64_t value) {
  append_little_endian(bytes_, value);
}
void ByteWriter::i64(std::int64_t value) {
  append_little_endian(bytes_, static_cast<std::uint64_t>(value));
}
void ByteWriter::f32(float value) {
  append_little_endian(bytes_, std::bit_cast<std::uint32_t>(value));
}
void ByteWriter::f64(double value) {
  append_little_endian(bytes_, std::bit_cast<std::uint64_t>(value));
}

void ByteWriter::str(std::string_view value) {
  LD_CHECK(value.size() <= std::numeric_limits<std::uint32_t>::max(), "string of 4 GiB or more");
  u32(static_cast<std::uint32_t>(value.size()));
  bytes_.append(value);
}

void ByteWriter::f32s(std::span<const float> values) {
  u64(values.size());
  if constexpr (std::endian::native == std::endian::little) {
    if (!values.empty()) {
      bytes_.append(reinterpret_cast<const char*>(values.data()), values.size_bytes());
    }
  } else {
    for (const float value : values) {
      f32(value);
    }
  }
}

ByteReader::ByteReader(std::string_view bytes, std::string what) : bytes_(bytes), what_(std::move(what)) {}

std::string_view ByteReader::take(std::size_t n) {
  if (n > remaining()) {
    fail("it ends too early");
  }
  if (!ok_) {
    return {};
  }
  const std::string_view taken = bytes_.substr(position_, n);
  position_ += n;
  return taken;
}

std::uint8_t ByteReader::u8() {
  return static_cast<std::uint8_t>(little_endian(take(1)));
}
std::uint16_t ByteReader::u16() {
  return static_cast<std::uint16_t>(little_endian(take(2)));
}
std::uint32_t ByteReader::u32() {
  return static_cast<std::uint32_t>(little_endian(take(4)));
}
std::uint64_t ByteReader::u64() {
  return little_endian(take(8));
}
std::int64_t ByteReader::i64() {
  return static_cast<std::int64_t>(little_endian(take(8)));
}

float ByteReader::f32() {
  const auto value = std::bit_cast<float>(u32());
  if (!std::isfinite(value)) {
    fail("a number is not finite");
    return 0;
  }
  return value;
}

double ByteReader::f64() {
  const auto value = std::bit_cast<double>(u64());
  if (!std::isfinite(value)) {
    fail("a number is not finite");
    return 0;
  }
  return value;
}

std::string_view ByteReader::str() {
  return take(u32());
}

std::size_t ByteReader::count(std::size_t min_bytes_each, std::size_t limit) {
  LD_CHECK(min_bytes_each >= 1, "count() needs a size per element");
  const std::uint64_t n = u64();
  if (n > remaining() / min_bytes_each) {
    fail("a count is larger than the data");
  } else if (n > limit) {
    fail("a count is above its limit");
  }
  return ok_ ? static_cast<std::size_t>(n) : 0;
}

void ByteReader::f32s(std::span<float> out) {
  const std::uint64_t n = u64();
  if (ok_ && n != out.size()) {
    fail("an array has the wrong length");
  }
  const std::string_view raw = take(out.size_bytes());
  if (!ok_) {
    std::fill(out.begin(), out.end(), 0.0F);
    return;
  }
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = std::bit_cast<float>(static_cast<std::uint32_t>(little_endian(raw.substr(4 * i, 4))));
    if (!std::isfinite(out[i])) {
      fail("a number is not finite");
      out[i] = 0;
    }
  }
}

void ByteReader::fail(std::string_view reason) {
  if (ok_) {
    ok_ = false;
    reason_ = reason;
    failed_at_ = position_;
  }
}

Result<void> ByteReader::finish() const {
  if (ok_ && remaining() == 0) {
    return {};
  }
  const std::string reason = ok_ ? "bytes are left over" : reason_;
  const std::size_t at = ok_ ? position_ : failed_at_;
  return make_error(ErrorCode::kModel, what_ + " is broken at byte " + std::to_string(at) + ": " + reason, {},
                    "restore the model from a copy, or train it again: logdetect train");
}

}  // namespace logdetect

#include "logdetect/bundle/bytes.h"

#include <bit>
#include <limits>
#include <type_traits>
#include <utility>

#include "logdetect/base/check.h"

namespace logdetect {
namespace {

// By value, so that the bytes do not depend on the byte order of the machine.
template <typename T>
void append_little_endian(std::string& bytes, T value) {
  static_assert(std::is_unsigned_v<T>);
  char out[sizeof(T)];
  for (std::size_t i = 0; i < sizeof(T); ++i) {
    out[i] = static_cast<char>(static_cast<unsigned char>(static_cast<std::uint64_t>(value) >> (8 * i)));
  }
  bytes.append(out, sizeof(T));
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
  // Here the memory has the form of the file: one copy instead of millions of calls.
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

std::string_view ByteReader::str() {
  return take(u32());
}

std::size_t ByteReader::count(std::size_t min_bytes_each, std::size_t limit) {
  LD_CHECK(min_bytes_each >= 1, "count() needs a size per element");
  const std::uint64_t n = u64();
  // A division, because the product with a hostile count could wrap.
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
  // The error then names the place of the array. The loop fills it with zeros, for nothing more is read.
  if (out.size_bytes() > remaining()) {
    fail("it ends too early");
  }
  for (float& value : out) {
    value = f32();
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

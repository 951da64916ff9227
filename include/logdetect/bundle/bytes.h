#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "logdetect/base/error.h"

namespace logdetect {

/// Appends little-endian values to a byte string. Strings and arrays are preceded by their length as u32 / u64.
class ByteWriter {
 public:
  void u8(std::uint8_t value);
  void u16(std::uint16_t value);
  void u32(std::uint32_t value);
  void u64(std::uint64_t value);
  void i64(std::int64_t value);
  void f32(float value);
  void f64(double value);
  void str(std::string_view value);
  void f32s(std::span<const float> values);

  [[nodiscard]] std::string take() { return std::move(bytes_); }
  [[nodiscard]] std::size_t size() const { return bytes_.size(); }

 private:
  std::string bytes_;
};

/// Reads what ByteWriter wrote, from bytes nobody vouches for. A read past the end gives zero (or empty) and makes
/// ok() false for good, so callers may read a struct and check once; loops must be bounded by count().
/// The bytes must outlive the reader.
class ByteReader {
 public:
  /// `what` names the data in the error ("section templates").
  ByteReader(std::string_view bytes, std::string what);

  std::uint8_t u8() { return number<std::uint8_t>(); }
  std::uint16_t u16() { return number<std::uint16_t>(); }
  std::uint32_t u32() { return number<std::uint32_t>(); }
  std::uint64_t u64() { return number<std::uint64_t>(); }
  std::int64_t i64() { return static_cast<std::int64_t>(u64()); }
  float f32() { return finite(std::bit_cast<float>(u32())); }    ///< NaN and infinity make ok() false
  double f64() { return finite(std::bit_cast<double>(u64())); }  ///< NaN and infinity make ok() false
  std::string_view str();
  /// Reads a u64 element count and checks it against the bytes left: at least `min_bytes_each` (>= 1) per element must
  /// remain and at most `limit` are allowed; 0 and not ok otherwise. Call before allocating.
  std::size_t count(std::size_t min_bytes_each, std::size_t limit);
  /// Reads an array written by f32s into `out`, which must have the stored length.
  void f32s(std::span<float> out);

  /// Marks the data as broken, with a reason; the first reason wins.
  void fail(std::string_view reason);

  [[nodiscard]] bool ok() const { return ok_; }
  [[nodiscard]] std::size_t remaining() const { return bytes_.size() - position_; }
  /// kModel error naming the data and the offset when a read failed or bytes are left over.
  Result<void> finish() const;

 private:
  std::string_view take(std::size_t n);

  // A model is millions of numbers: inline, and the compiler makes one load of the loop.
  template <typename T>
  T number() {
    if (!ok_ || sizeof(T) > remaining()) {
      fail("it ends too early");
      return 0;
    }
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < sizeof(T); ++i) {
      value |= std::uint64_t{static_cast<unsigned char>(bytes_[position_ + i])} << (8 * i);
    }
    position_ += sizeof(T);
    return static_cast<T>(value);
  }
  template <typename T>
  T finite(T value) {
    if (!std::isfinite(value)) {
      fail("a number is not finite");
      return 0;
    }
    return value;
  }

  std::string_view bytes_;
  std::string what_;
  std::string reason_;
  std::size_t position_ = 0;
  std::size_t failed_at_ = 0;
  bool ok_ = true;
};

}  // namespace logdetect

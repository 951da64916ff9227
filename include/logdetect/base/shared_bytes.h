#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace logdetect {

/// Bytes that never change and that several may hold: copies and parts share them. Const calls are thread-safe.
class SharedBytes {
 public:
  SharedBytes() = default;
  /// Takes over a string. Implicit, like the constructors of a string.
  SharedBytes(std::string bytes) {  // NOLINT(google-explicit-constructor)
    auto owned = std::make_shared<const std::string>(std::move(bytes));
    view_ = *owned;
    owner_ = std::move(owned);
  }
  SharedBytes(const char* text) : SharedBytes(std::string(text)) {}  // NOLINT(google-explicit-constructor)
  /// What `owner` keeps alive.
  SharedBytes(std::shared_ptr<const void> owner, std::string_view bytes) : owner_(std::move(owner)), view_(bytes) {}

  /// `length` bytes from `offset` on, which must lie inside.
  [[nodiscard]] SharedBytes part(std::size_t offset, std::size_t length) const {
    return {owner_, view_.substr(offset, length)};
  }
  [[nodiscard]] std::string_view view() const { return view_; }
  operator std::string_view() const { return view_; }  // NOLINT(google-explicit-constructor)
  [[nodiscard]] std::size_t size() const { return view_.size(); }

  friend bool operator==(const SharedBytes& a, const SharedBytes& b) { return a.view_ == b.view_; }

 private:
  std::shared_ptr<const void> owner_;
  std::string_view view_;
};

}  // namespace logdetect

#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "logdetect/base/check.h"

namespace logdetect {

/// Broad class of a failure. Each maps to one exit status (cli/exit_code.h).
enum class ErrorCode {
  kUsage,         ///< a flag or argument is wrong
  kConfig,        ///< the configuration is wrong
  kInput,         ///< an input cannot be read, or not to its end
  kModel,         ///< the model is missing, broken or from another version
  kOutput,        ///< an output or the state directory cannot be written
  kOutputClosed,  ///< the reader of our output went away (EPIPE): end quietly
  kInterrupted,   ///< SIGINT or SIGTERM asked the run to stop
  kInternal,      ///< a bug of ours, or memory ran out
};

/// What went wrong, where, and what the user can do about it.
struct Error {
  ErrorCode code = ErrorCode::kInternal;
  std::string message;  ///< one sentence, lower case, no full stop
  std::string where;    ///< `file:line:column`, a path or a flag; may be empty
  std::string hint;     ///< the remedy ("did you mean ..."); may be empty

  /// `where: message` without the hint, for logs and tests.
  [[nodiscard]] std::string to_string() const { return where.empty() ? message : where + ": " + message; }
};

[[nodiscard]] inline Error make_error(ErrorCode code, std::string message, std::string where = {},
                                      std::string hint = {}) {
  return Error{code, std::move(message), std::move(where), std::move(hint)};
}

/// A value or an Error. The clang of Debian 12 lacks std::expected; this is the part of it we need.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT: implicit by design
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT: implicit by design

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// The value. Precondition: ok().
  [[nodiscard]] T& value() & {
    LD_CHECK(ok(), "value() of a failed Result");
    return std::get<0>(state_);
  }
  [[nodiscard]] const T& value() const& {
    LD_CHECK(ok(), "value() of a failed Result");
    return std::get<0>(state_);
  }
  [[nodiscard]] T&& value() && {
    LD_CHECK(ok(), "value() of a failed Result");
    return std::get<0>(std::move(state_));
  }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  /// The error. Precondition: !ok().
  [[nodiscard]] const Error& error() const& {
    LD_CHECK(!ok(), "error() of a good Result");
    return std::get<1>(state_);
  }
  [[nodiscard]] Error&& error() && {
    LD_CHECK(!ok(), "error() of a good Result");
    return std::get<1>(std::move(state_));
  }

 private:
  std::variant<T, Error> state_;
};

/// Success or an Error.
template <>
class [[nodiscard]] Result<void> {
 public:
  Result() = default;
  Result(Error error) : error_(std::move(error)), ok_(false) {}  // NOLINT: implicit by design

  [[nodiscard]] bool ok() const { return ok_; }
  explicit operator bool() const { return ok_; }
  [[nodiscard]] const Error& error() const& {
    LD_CHECK(!ok_, "error() of a good Result");
    return error_;
  }
  [[nodiscard]] Error&& error() && {
    LD_CHECK(!ok_, "error() of a good Result");
    return std::move(error_);
  }

 private:
  Error error_;
  bool ok_ = true;
};

/// Returns the error of `expr` from the enclosing function, if it has one.
#define LD_TRY(expr)                                  \
  do {                                                \
    if (auto ld_result_ = (expr); !ld_result_.ok()) { \
      return std::move(ld_result_).error();           \
    }                                                 \
  } while (false)

/// `LD_ASSIGN(auto x, f());`: x is the value of f(), or its error is returned from the enclosing function.
#define LD_ASSIGN(declaration, expr) LD_ASSIGN_IMPL(declaration, expr, __LINE__)
#define LD_ASSIGN_IMPL(declaration, expr, line) LD_ASSIGN_IMPL2(declaration, expr, line)
#define LD_ASSIGN_IMPL2(declaration, expr, line) \
  auto ld_result_##line = (expr);                \
  if (!ld_result_##line.ok()) {                  \
    return std::move(ld_result_##line).error();  \
  }                                              \
  declaration = std::move(ld_result_##line).value()  // NOLINT(bugprone-macro-parentheses): it may declare

}  // namespace logdetect

#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace logdetect {

/// How a program ended and what it said.
struct Outcome {
  int exit = -1;   ///< exit status; -1 when a signal ended it
  int signal = 0;  ///< the signal that ended it, or 0
  std::string out;
  std::string err;
};

/// Where a program's standard input comes from and its output goes to.
struct Wiring {
  std::optional<std::string> input = {};      ///< text on standard input; nothing: /dev/null
  bool keep_input_open = false;               ///< a pipe that the test holds: Process::feed()
  bool input_is_terminal = false;             ///< a terminal that nobody types on
  bool output_is_terminal = false;            ///< both streams; what is shown is Outcome::out
  std::string output_path = {};               ///< standard output goes here instead; Outcome::out stays empty
  bool closed_reader = false;                 ///< standard output is a pipe that nobody reads
  bool close_descriptors = false;             ///< 0, 1 and 2 are closed at start
  std::vector<std::string> environment = {};  ///< "NAME=value", beside a plain one
};

/// A running program. Killed when it goes out of scope.
class Process {
 public:
  Process(Process&& other) noexcept;
  Process& operator=(Process&&) = delete;
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;
  ~Process();

  /// Writes to its standard input (needs keep_input_open).
  void feed(std::string_view text);
  void close_input();
  void send(int signal) const;
  /// What it wrote to standard output so far.
  [[nodiscard]] std::string out() const;
  /// Waits for its end; after 60 seconds it is killed and the test fails.
  Outcome wait();

 private:
  friend class Sandbox;
  Process() = default;
  void drain_terminal();

  pid_t pid_ = -1;
  int input_ = -1;     // our end of its standard input
  int terminal_ = -1;  // our end of its terminal
  std::string shown_;  // read from terminal_
  std::string out_path_;
  std::string err_path_;
};

/// A temporary directory that the program under test runs in. Removed at the end.
class Sandbox {
 public:
  Sandbox();
  ~Sandbox();
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  [[nodiscard]] std::string path(const std::string& name) const { return directory_ + "/" + name; }
  void write(const std::string& name, std::string_view bytes) const;
  void append(const std::string& name, std::string_view bytes) const;
  void write_gzip(const std::string& name, const std::string& bytes) const;
  [[nodiscard]] std::string read(const std::string& name) const;
  [[nodiscard]] bool exists(const std::string& name) const;

  /// Starts logdetect with these words.
  [[nodiscard]] Process start(const std::vector<std::string>& words, const Wiring& wiring = {});
  /// Starts it and waits for its end.
  Outcome run(const std::vector<std::string>& words, const Wiring& wiring = {});

 private:
  std::string directory_;
  int runs_ = 0;
};

/// Waits up to 30 seconds until `condition` holds; polls.
template <typename Condition>
bool eventually(Condition condition);

/// Compares with the file of this name in tests/e2e/golden. LOGDETECT_UPDATE_GOLDEN=1 writes the file instead.
void expect_golden(const std::string& name, const std::string& actual);

/// 10 ms.
void short_pause();

template <typename Condition>
bool eventually(Condition condition) {
  for (int i = 0; i < 3000; ++i) {
    if (condition()) {
      return true;
    }
    short_pause();
  }
  return false;
}

}  // namespace logdetect

#include "e2e/sandbox.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>
#include <zlib.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <thread>
#include <utility>

namespace logdetect {
namespace {

std::string read_all(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::stringstream text;
  text << file.rdbuf();
  return text.str();
}

// The file actions of a spawn, freed at the end.
class SpawnActions {
 public:
  SpawnActions() { ::posix_spawn_file_actions_init(&actions_); }
  ~SpawnActions() { ::posix_spawn_file_actions_destroy(&actions_); }
  SpawnActions(const SpawnActions&) = delete;
  SpawnActions& operator=(const SpawnActions&) = delete;

  void change_directory(const std::string& path) { ::posix_spawn_file_actions_addchdir_np(&actions_, path.c_str()); }
  void open(int fd, const std::string& path, int flags) {
    ::posix_spawn_file_actions_addopen(&actions_, fd, path.c_str(), flags, 0644);
  }
  void use(int from, int to) { ::posix_spawn_file_actions_adddup2(&actions_, from, to); }
  void close(int fd) { ::posix_spawn_file_actions_addclose(&actions_, fd); }
  posix_spawn_file_actions_t* get() { return &actions_; }

 private:
  posix_spawn_file_actions_t actions_{};
};

struct Pipe {
  int read = -1;
  int write = -1;
};

// Close-on-exec, so that a child does not hold the test's end.
Pipe make_pipe() {
  std::array<int, 2> ends{};
  EXPECT_EQ(::pipe2(ends.data(), O_CLOEXEC), 0);
  return {ends[0], ends[1]};
}

Pipe make_terminal() {
  const int ours = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
  EXPECT_GE(ours, 0);
  ::grantpt(ours);
  ::unlockpt(ours);
  const int theirs = ::open(::ptsname(ours), O_RDWR | O_NOCTTY | O_CLOEXEC);
  EXPECT_GE(theirs, 0);
  ::fcntl(ours, F_SETFL, O_NONBLOCK);
  return {theirs, ours};
}

std::vector<std::string> plain_environment(const std::vector<std::string>& extra) {
  std::vector<std::string> all = extra;  // the first of two of one name counts
  all.insert(all.end(), {"PATH=/usr/bin:/bin", "LC_ALL=C", "TERM=xterm"});
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name); value != nullptr) {
      all.push_back(std::string(name) + "=" + value);
    }
  }
  return all;
}

std::vector<char*> pointers(std::vector<std::string>& strings) {
  std::vector<char*> out;
  for (std::string& text : strings) {
    out.push_back(text.data());
  }
  out.push_back(nullptr);
  return out;
}

void close_if_open(int& fd) {
  if (fd >= 0) {
    ::close(fd);
    fd = -1;
  }
}

}  // namespace

Process::Process(Process&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)),
      input_(std::exchange(other.input_, -1)),
      terminal_(std::exchange(other.terminal_, -1)),
      shown_(std::move(other.shown_)),
      out_path_(std::move(other.out_path_)),
      err_path_(std::move(other.err_path_)) {}

Process::~Process() {
  close_if_open(input_);
  if (pid_ > 0) {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
  }
  close_if_open(terminal_);
}

void Process::feed(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(input_, text.data(), text.size());
    ASSERT_GT(written, 0) << "the program closed its standard input";
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void Process::close_input() {
  close_if_open(input_);
}

void Process::send(int signal) const {
  ::kill(pid_, signal);
}

std::string Process::out() const {
  return read_all(out_path_);
}

void Process::drain_terminal() {
  std::array<char, 4096> buffer{};
  while (terminal_ >= 0) {
    const ssize_t got = ::read(terminal_, buffer.data(), buffer.size());
    if (got <= 0) {
      return;
    }
    shown_.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

Outcome Process::wait() {
  constexpr auto kPatience = std::chrono::seconds(60);
  const auto deadline = std::chrono::steady_clock::now() + kPatience;
  int status = 0;
  while (true) {
    drain_terminal();
    const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
    if (ended == pid_) {
      break;
    }
    if (std::chrono::steady_clock::now() > deadline) {
      ADD_FAILURE() << "the program did not end; it said: " << read_all(err_path_);
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, &status, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
  pid_ = -1;
  drain_terminal();
  Outcome outcome;
  outcome.exit = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  outcome.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  outcome.out = terminal_ >= 0 ? shown_ : read_all(out_path_);
  outcome.err = read_all(err_path_);
  return outcome;
}

Sandbox::Sandbox() : directory_(testing::TempDir() + "/logdetect-e2e-XXXXXX") {
  // A reader that goes away must fail a write of the test, not end the test.
  ::signal(SIGPIPE, SIG_IGN);
  EXPECT_NE(::mkdtemp(directory_.data()), nullptr);
}

Sandbox::~Sandbox() {
  std::error_code ignored;
  std::filesystem::remove_all(directory_, ignored);
}

void Sandbox::write(const std::string& name, std::string_view bytes) const {
  std::ofstream file(path(name), std::ios::binary | std::ios::trunc);
  file << bytes;
}

void Sandbox::append(const std::string& name, std::string_view bytes) const {
  std::ofstream file(path(name), std::ios::binary | std::ios::app);
  file << bytes;
}

void Sandbox::write_gzip(const std::string& name, const std::string& bytes) const {
  gzFile file = ::gzopen(path(name).c_str(), "wb");
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(::gzwrite(file, bytes.data(), static_cast<unsigned>(bytes.size())), static_cast<int>(bytes.size()));
  ::gzclose(file);
}

std::string Sandbox::read(const std::string& name) const {
  return read_all(path(name));
}

bool Sandbox::exists(const std::string& name) const {
  return std::filesystem::exists(path(name));
}

Process Sandbox::start(const std::vector<std::string>& words, const Wiring& wiring) {
  Process process;
  const std::string number = std::to_string(++runs_);
  process.out_path_ = path(".out-" + number);
  process.err_path_ = path(".err-" + number);
  SpawnActions actions;
  actions.change_directory(directory_);
  std::vector<int> ours;  // closed once the child has them

  if (wiring.input_is_terminal || wiring.output_is_terminal) {
    const Pipe terminal = make_terminal();
    process.terminal_ = terminal.write;
    ours.push_back(terminal.read);
  }
  if (wiring.input_is_terminal) {
    actions.use(ours.front(), STDIN_FILENO);
  } else if (wiring.keep_input_open) {
    const Pipe pipe = make_pipe();
    actions.use(pipe.read, STDIN_FILENO);
    ours.push_back(pipe.read);
    process.input_ = pipe.write;
  } else if (wiring.input) {
    write(".in-" + number, *wiring.input);
    actions.open(STDIN_FILENO, path(".in-" + number), O_RDONLY);
  } else {
    actions.open(STDIN_FILENO, "/dev/null", O_RDONLY);
  }
  const int create = O_WRONLY | O_CREAT | O_TRUNC;
  if (wiring.output_is_terminal) {
    actions.use(ours.front(), STDOUT_FILENO);
    actions.use(ours.front(), STDERR_FILENO);
  } else {
    actions.open(STDERR_FILENO, process.err_path_, create);
    if (wiring.closed_reader) {
      const Pipe pipe = make_pipe();
      ::close(pipe.read);
      actions.use(pipe.write, STDOUT_FILENO);
      ours.push_back(pipe.write);
    } else if (!wiring.output_path.empty()) {
      actions.open(STDOUT_FILENO, wiring.output_path, O_WRONLY | O_APPEND);
    } else {
      actions.open(STDOUT_FILENO, process.out_path_, create);
    }
  }
  if (wiring.close_descriptors) {
    for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
      actions.close(fd);
    }
  }
  std::vector<std::string> arguments = {"logdetect"};
  arguments.insert(arguments.end(), words.begin(), words.end());
  std::vector<std::string> environment = plain_environment(wiring.environment);
  const int error = ::posix_spawn(&process.pid_, LOGDETECT_BINARY, actions.get(), nullptr, pointers(arguments).data(),
                                  pointers(environment).data());
  EXPECT_EQ(error, 0) << "cannot start " << LOGDETECT_BINARY;
  for (const int fd : ours) {
    ::close(fd);
  }
  // With only the input on a terminal the output is in the file.
  if (!wiring.output_is_terminal && process.terminal_ >= 0) {
    process.input_ = std::exchange(process.terminal_, -1);
  }
  return process;
}

Outcome Sandbox::run(const std::vector<std::string>& words, const Wiring& wiring) {
  return start(words, wiring).wait();
}

void expect_golden(const std::string& name, const std::string& actual) {
  const std::string path = std::string(LOGDETECT_GOLDEN_DIR) + "/" + name;
  if (std::getenv("LOGDETECT_UPDATE_GOLDEN") != nullptr) {
    std::filesystem::create_directories(LOGDETECT_GOLDEN_DIR);
    std::ofstream(path, std::ios::binary | std::ios::trunc) << actual;
    return;
  }
  EXPECT_EQ(read_all(path), actual) << "golden file " << path << "; LOGDETECT_UPDATE_GOLDEN=1 writes it anew";
}

void short_pause() {
  std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

}  // namespace logdetect

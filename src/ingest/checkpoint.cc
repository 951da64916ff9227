#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>

#include "ingest/checkpoint_format.h"
#include "logdetect/base/file.h"
#include "logdetect/base/log.h"
#include "logdetect/ingest/checkpoint.h"

namespace logdetect {
namespace {

constexpr std::array<const char*, 2> kSlots{"state.a", "state.b"};

Error output_error(const std::string& path, const std::string& what) {
  return make_error(ErrorCode::kOutput, what + ": " + errno_text(errno), path);
}

// The slot's checkpoint; nothing when there is no file or, with a warning, when it is damaged.
std::optional<Checkpoint> read_slot(const std::string& path) {
  if (::access(path.c_str(), F_OK) != 0 && errno == ENOENT) {
    return std::nullopt;
  }
  auto bytes = read_file(path, kMaxCheckpointBytes, ErrorCode::kOutput);
  if (!bytes) {
    log_warning(bytes.error().to_string() + "; going back to the checkpoint before it, some lines may be read again");
    return std::nullopt;
  }
  auto checkpoint = decode_checkpoint(bytes.value());
  if (!checkpoint) {
    log_warning(path + ": " + checkpoint.error().message +
                "; going back to the checkpoint before it, some lines may be read again");
    return std::nullopt;
  }
  return std::move(checkpoint).value();
}

// The holder writes its process id into the lock file, for this message only; the lock itself is flock().
Error held_error(const std::string& directory, const std::string& lock_path) {
  const auto text = read_file(lock_path, 32, ErrorCode::kOutput);
  std::string holder = "another process";
  if (text.ok() && !text.value().empty() && text.value().find_first_not_of("0123456789\n") == std::string::npos) {
    holder = "process " + text.value().substr(0, text.value().find('\n'));
  }
  return make_error(ErrorCode::kOutput, "the state directory is in use by " + holder, directory,
                    "stop it, or give this run a state directory of its own with --state");
}

class FileCheckpointStore final : public CheckpointStore {
 public:
  FileCheckpointStore(std::string directory, FileDescriptor handle, FileDescriptor lock)
      : directory_(std::move(directory)), handle_(std::move(handle)), lock_(std::move(lock)) {}

  Result<std::string> read() override {
    std::array<std::optional<Checkpoint>, 2> found;
    for (std::size_t i = 0; i < kSlots.size(); ++i) {
      found[i] = read_slot(slot_path(i));
    }
    loaded_ = true;
    if (!found[0] && !found[1]) {
      generation_ = 0;
      next_slot_ = 0;
      return std::string();
    }
    const bool second = !found[0] || (found[1] && found[1]->generation > found[0]->generation);
    Checkpoint& newest = *found[second ? 1 : 0];
    generation_ = newest.generation;
    // The older one gives way, so the newest stays until its successor lies on disk.
    next_slot_ = second ? 0 : 1;
    return std::move(newest.cursor);
  }

  Result<void> write(const std::string& cursor) override {
    if (!loaded_) {
      // The generation must go on from what lies on disk, and the newest intact one must survive this write.
      LD_TRY(read());
    }
    const std::string bytes = encode_checkpoint({generation_ + 1, cursor});
    if (bytes.size() > kMaxCheckpointBytes) {
      return make_error(ErrorCode::kOutput, "the checkpoint would be larger than 64 MiB", directory_,
                        "follow fewer files in one run");
    }
    const std::string temporary = directory_ + "/state.tmp";
    LD_TRY(write_durably(temporary, bytes));
    const std::string target = slot_path(next_slot_);
    if (::rename(temporary.c_str(), target.c_str()) != 0) {
      return output_error(target, "cannot put the checkpoint in place");
    }
    // Not every file system can do this; where it can, a failure means the rename may be undone by a power cut.
    if (::fsync(handle_.get()) != 0 && errno != EINVAL && errno != ENOTSUP) {
      return output_error(directory_, "cannot flush to disk");
    }
    ++generation_;
    next_slot_ = 1 - next_slot_;
    return {};
  }

 private:
  [[nodiscard]] std::string slot_path(std::size_t slot) const { return directory_ + "/" + kSlots[slot]; }

  static Result<void> write_durably(const std::string& path, const std::string& bytes) {
    FileDescriptor file(::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
    if (!file.valid()) {
      return output_error(path, "cannot create");
    }
    LD_TRY(write_all(file.get(), bytes, path));
    if (::fdatasync(file.get()) != 0) {
      return output_error(path, "cannot flush to disk");
    }
    return {};
  }

  std::string directory_;
  FileDescriptor handle_;  // of the directory, for fsync
  FileDescriptor lock_;    // holds the flock() as long as we live
  bool loaded_ = false;
  std::uint64_t generation_ = 0;
  std::size_t next_slot_ = 0;  // where the older generation lies
};

}  // namespace

Result<std::unique_ptr<CheckpointStore>> open_checkpoints(const std::string& directory) {
  std::error_code failure;
  // A failure is told below, if the directory is not there all the same.
  std::filesystem::create_directories(directory, failure);
  FileDescriptor handle(::open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!handle.valid()) {
    return make_error(ErrorCode::kOutput,
                      "cannot use as a state directory: " + (failure ? failure.message() : errno_text(errno)),
                      directory);
  }
  const std::string lock_path = directory + "/lock";
  FileDescriptor lock(::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600));
  if (!lock.valid()) {
    return output_error(lock_path, "cannot create");
  }
  if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) {
      return held_error(directory, lock_path);
    }
    return output_error(lock_path, "cannot lock");
  }
  const std::string pid = std::to_string(::getpid()) + "\n";
  // Only with the lock in hand: else a second process would erase the id of the first.
  if (::ftruncate(lock.get(), 0) != 0) {
    return output_error(lock_path, "cannot write");
  }
  LD_TRY(write_all(lock.get(), pid, lock_path));
  return std::unique_ptr<CheckpointStore>(
      std::make_unique<FileCheckpointStore>(directory, std::move(handle), std::move(lock)));
}

}  // namespace logdetect

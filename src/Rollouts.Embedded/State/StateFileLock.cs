namespace Rollouts.Embedded.State;

/// <summary>
/// Says that this process drives the state file. The operating system holds the lock, so it is gone the moment the process is, however it ended.
/// </summary>
internal sealed class StateFileLock : IDisposable
{
    private readonly FileStream file;

    private StateFileLock(FileStream file) => this.file = file;

    /// <exception cref="StateFileException">Another process holds the lock, or the lock file can't be written.</exception>
    public static StateFileLock Take(string statePath)
    {
        string path = statePath + ".lock";
        FileStream file;
        try
        {
            file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (DirectoryNotFoundException missing)
        {
            throw new StateFileException(statePath, $"the folder {Path.GetDirectoryName(Path.GetFullPath(statePath))} does not exist; create it", missing);
        }
        catch (UnauthorizedAccessException refused)
        {
            throw new StateFileException(statePath, $"the lock file {path} can't be written; let this user write to its folder", refused);
        }
        catch (IOException taken)
        {
            throw new StateFileException(
                statePath,
                $"another process drives the rollouts in this file; stop that one (`fuser {path}` prints its pid), or use a state file of your own",
                taken);
        }

        return new StateFileLock(file);
    }

    public void Dispose() => file.Dispose();
}

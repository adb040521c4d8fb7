namespace Rollouts.Approvals.Settings;

/// <summary>A secret that stands in a setting or in a file.</summary>
internal static class Secret
{
    /// <summary>The secret; null when it is given in neither way.</summary>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static string? Read(string? value, string? file) =>
        !string.IsNullOrWhiteSpace(value) ? value.Trim() : file is null ? null : File.ReadAllText(file).Trim();

    /// <summary>What is wrong with the pair; null when it can be read, or is not given and need not be.</summary>
    public static string? Problem(string key, string? value, string? file, bool required = false)
    {
        if (value is not null && file is not null)
        {
            return $"{key}: give either this or {key}File";
        }

        try
        {
            return string.IsNullOrWhiteSpace(Read(value, file)) && (required || value is not null || file is not null)
                ? $"{(file is null ? key : $"{key}File")}: is empty or missing"
                : null;
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return $"{key}File: '{file}' can't be read: {unreadable.Message}";
        }
    }
}

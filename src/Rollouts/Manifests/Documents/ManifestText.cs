using System.Text;

namespace Rollouts.Manifests.Documents;

/// <summary>Refuses what is no text of reasonable size before anything parses it.</summary>
internal static class ManifestText
{
    public static bool IsReadable(ManifestFile file, ProblemList problems)
    {
        if (file.Text.Length >= DocumentReader.TooManyBytes || Encoding.UTF8.GetByteCount(file.Text) >= DocumentReader.TooManyBytes)
        {
            problems.Error(new Place(file.Name, 1, ""), "is 1 MiB or more; a release has to be smaller");
            return false;
        }

        int line = 1;
        for (int i = 0; i < file.Text.Length; i++)
        {
            char c = file.Text[i];
            if (c == '\n')
            {
                line++;
            }
            else if (char.IsHighSurrogate(c) && i + 1 < file.Text.Length && char.IsLowSurrogate(file.Text[i + 1]))
            {
                i++;
            }
            else if (!IsAllowed(c, i))
            {
                problems.Error(new Place(file.Name, line, ""), Explain(c));
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether a value may hold the character, however it was written.</summary>
    public static bool IsAllowedInValue(char c) => c is '\t' or '\n' or '\r' || (c >= ' ' && c is not (>= '\x7F' and <= '\x9F'));

    private static bool IsAllowed(char c, int index) => c switch
    {
        '\uFEFF' => index == 0,
        '\x85' => true,
        '\uFFFD' or '\uFFFE' or '\uFFFF' => false,
        _ => IsAllowedInValue(c) && !char.IsSurrogate(c),
    };

    private static string Explain(char c) => c switch
    {
        '\uFFFD' => "is not UTF-8 text: a byte here could not be read; save the file as UTF-8",
        '\0' => "holds a NUL character (U+0000); is it a text file in UTF-8?",
        _ => $"holds the character U+{(int)c:X4}, which no manifest may hold; remove it",
    };
}

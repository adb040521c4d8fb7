using YamlDotNet.Core;

namespace Rollouts.Manifests.Documents;

/// <summary>A document of a file: its root and where it begins.</summary>
internal sealed record ManifestDocument(Place Place, ManifestNode Root);

/// <summary>
/// Takes a file apart into documents. What can't be read is a problem with its line; reading goes on with the next document, so that every
/// problem shows at once.
/// </summary>
internal static class DocumentReader
{
    /// <summary>A file of this many bytes, or more, is refused.</summary>
    public const int TooManyBytes = 1 << 20;

    /// <summary>How many documents a file may hold.</summary>
    public const int MostDocuments = 200;

    /// <param name="file">What to read.</param>
    /// <param name="problems">Where problems go.</param>
    /// <param name="complete">False when a part of the file could not be read.</param>
    public static IReadOnlyList<ManifestDocument> Read(ManifestFile file, ProblemList problems, out bool complete)
    {
        var documents = new List<ManifestDocument>();
        int count = 0;
        complete = ManifestText.IsReadable(file, problems);
        if (!complete)
            return documents;

        string text = file.Text.StartsWith('\uFEFF') ? file.Text[1..] : file.Text;
        int skippedLines = 0;
        while (true)
        {
            int? brokenAt = ReadPart(file.Name, text, skippedLines, ref count, documents, problems);
            if (brokenAt is null)
                break;
            complete = false;
            if (problems.IsFull || count > MostDocuments || !TrySkipToNext(ref text, ref skippedLines, brokenAt.Value))
                break;
        }

        if (documents.Count == 0 && complete)
            problems.Error(new Place(file.Name, 1, ""), "holds no document; write a Rollout and its AnalysisTemplates as YAML or JSON");
        return documents;
    }

    /// <returns>The line of the file where reading had to stop; null at the end.</returns>
    private static int? ReadPart(
        string file, string text, int skippedLines, ref int count, List<ManifestDocument> documents, ProblemList problems)
    {
        using var reader = new StringReader(text);
        var nodes = new NodeReader(new Parser(new Scanner(reader)), file, skippedLines, problems);
        try
        {
            while (nodes.TryReadDocument(out ManifestNode? root))
            {
                if (++count > MostDocuments)
                {
                    problems.Error(new Place(file, root.Line, ""), $"holds more than {MostDocuments} documents; give fewer at once");
                    return root.Line;
                }

                if (root is not ScalarNode { Kind: ScalarKind.Null })
                    documents.Add(new ManifestDocument(new Place(file, root.Line, ""), root));
            }

            return null;
        }
        catch (YamlException e)
        {
            int line = (int)e.Start.Line + skippedLines;
            problems.Error(new Place(file, line, ""), e is UnreadableNodeException ? e.Message : $"is not valid YAML: {Lower(e.Message)}");
            return Math.Max(line, nodes.LastLine);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The parser gives up on some broken input without saying where.
            problems.Error(new Place(file, nodes.LastLine, ""), "is not valid YAML from here on; look for a bracket or quote that is not closed");
            return nodes.LastLine;
        }
    }

    private static bool TrySkipToNext(ref string text, ref int skippedLines, int brokenAt)
    {
        int line = skippedLines + 1;
        for (int start = 0; start < text.Length; line++)
        {
            ReadOnlySpan<char> rest = text.AsSpan(start);
            if (start > 0 && line >= brokenAt && rest.StartsWith("---") && (rest.Length == 3 || char.IsWhiteSpace(rest[3])))
            {
                text = text[start..];
                skippedLines = line - 1;
                return true;
            }

            int end = rest.IndexOfAny('\n', '\r');
            if (end < 0)
                return false;
            start += end + (rest[end..].StartsWith("\r\n") ? 2 : 1);
        }

        return false;
    }

    private static string Lower(string message) =>
        message.Length == 0 ? "it can't be parsed" : char.ToLowerInvariant(message[0]) + Shown.Sentence(message[1..].TrimEnd('.'));
}

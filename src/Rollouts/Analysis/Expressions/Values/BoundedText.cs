using System.Text;

namespace Rollouts.Analysis.Expressions.Values;

/// <summary>A text in the making that may not grow beyond all bounds.</summary>
internal sealed class BoundedText(int most = BoundedText.Most)
{
    private const int Most = 4_000_000;

    private readonly StringBuilder text = new();

    public BoundedText Append(string part)
    {
        if (text.Length + part.Length > most)
        {
            throw new EvaluationFailure("memory budget exceeded");
        }

        text.Append(part);
        return this;
    }

    public override string ToString() => text.ToString();
}

using System.Text;

namespace Rollouts.Analysis.Expressions.Values;

/// <summary>A text in the making that may not grow beyond all bounds.</summary>
/// <param name="most">How long it may become.</param>
/// <param name="meter">Counts its parts and their characters.</param>
internal sealed class BoundedText(int most = BoundedText.Most, IMeter? meter = null)
{
    private const int Most = 1_000_000;

    private readonly StringBuilder text = new();

    /// <summary>Counts steps that it takes to know what to append.</summary>
    public void Step(long count) => meter?.Step(count);

    public BoundedText Append(string part)
    {
        if (text.Length + part.Length > most)
        {
            throw new EvaluationFailure("memory budget exceeded");
        }

        meter?.Step(1 + part.Length);
        text.Append(part);
        return this;
    }

    public override string ToString() => text.ToString();
}

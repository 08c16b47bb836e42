"""The kinds of time limits suggestions keep, by which they stand among all others."""

ASSIGN = "suggestions.assign"  # 闭会期间交办
SIGN = "suggestions.sign"
TALK = "suggestions.first_contact"
OPINION = "suggestions.opinion"
REPLY = "suggestions.reply"
RETURN = "suggestions.return"
JUDGE = "suggestions.feedback"
PROMISE = "suggestions.promise"
RECEIPT = "suggestions.promise_word"
PUBLISH = "suggestions.publish"  # 公开
KINDS = (ASSIGN, SIGN, TALK, OPINION, REPLY, RETURN, JUDGE, PROMISE, RECEIPT, PUBLISH)

select answer_id as "答卷编号", strftime(answered_at, '%Y年%m月%d日 %H:%M') as "提交时间", survey_ref as "问卷编号", email as "邮箱", phone as "手机", question as "题目", answer as "答案", score as "得分"
from f_surveys where answered_at >= getvariable('from_at') and answered_at < getvariable('to_at') order by answered_at, answer_id
